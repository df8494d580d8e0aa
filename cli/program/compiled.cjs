// Compiles a TypeScript program once. Its files become one, which is cached until one of them changes.
// Packages are not compiled, and Node's loader is not replaced.
const { spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const { SourceMap, createRequire } = require("node:module");
const { tmpdir } = require("node:os");
const { dirname, join, parse, resolve } = require("node:path");
const { Script } = require("node:vm");
const { contentOf } = require("./content.cjs");

/** Compiler. A change of its file or of its call compiles programs again. */
const COMPILER = join(__dirname, "compile.cjs");

/** Error for a program that cannot be compiled. The message contains the position and the reason. */
class CompileError extends Error {}

/**
 * Compiles a program, or reads it from the cache.
 * @param {string} entry absolute path of the program
 * @returns the program, ready to run
 */
function compiled(entry) {
  const folder = cacheFolder(entry);
  const { file, code, map } = (folder && cached(folder, entry)) ?? compile(folder, entry);
  return new Program(entry, file, code, map);
}

/** Compiled program. */
class Program {
  constructor(entry, file, code, map) {
    Object.assign(this, { entry, file, code, map });
  }

  /**
   * Runs the program.
   * @returns the exports of the program
   * @throws the errors of the program, with positions in its files
   */
  run() {
    const { entry, file, code } = this;
    const require = createRequire(entry);
    const module = { id: ".", filename: entry, exports: {}, require };
    require.main = module;
    // The line numbers must not change.
    const wrapped = `(function (exports, require, module) {${code}\n})`;
    const start = new Script(wrapped, { filename: file }).runInThisContext();
    try {
      start(module.exports, require, module);
    } catch (error) {
      if (typeof error?.stack === "string") error.stack = this.inSource(error.stack);
      throw error;
    }
    return module.exports;
  }

  /**
   * Replaces positions in the compiled file by positions in the files of the program, also in the message of an error.
   */
  inSource(text) {
    if (!text.includes(this.file)) return text;
    const source = new SourceMap(JSON.parse(this.map()));
    return text.split(this.file).reduce((before, after) => {
      const [place, line, column] = /^:(\d+):(\d+)/.exec(after) ?? [];
      const found = place && source.findEntry(line - 1, column - 1);
      if (!found?.originalSource) return before + this.file + after;
      const { originalSource, originalLine, originalColumn } = found;
      const file = resolve(dirname(this.entry), originalSource.replace(/^file:\/\//, ""));
      return `${before}${file}:${originalLine + 1}:${originalColumn + 1}${after.slice(place.length)}`;
    });
  }
}

/** Program in the cache. @returns undefined if the current files have not been compiled */
function cached(folder, entry) {
  try {
    const { name, content } = JSON.parse(fs.readFileSync(join(folder, manifestOf(entry)), "utf8"));
    if (content.hash !== contentOf(content)) return undefined;
    const file = join(folder, name);
    return { file, code: fs.readFileSync(file, "utf8"), map: () => fs.readFileSync(`${file}.map`, "utf8") };
  } catch {
    return undefined;
  }
}

/** Compiles a program. @throws CompileError */
function compile(folder, entry) {
  // Separate process: the compiler is needed once, and its memory is then free again.
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [COMPILER, entry], {
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new CompileError(stderr.trim() || String(error));
  const { code, map, ...content } = JSON.parse(stdout);
  const name = `${createHash("sha256").update(code).digest("hex").slice(0, 32)}.js`;
  if (folder !== undefined) keep(folder, entry, name, { code, map, content });
  return { file: join(folder ?? dirname(entry), name), code, map: () => map };
}

/** Writes a program to the cache. Files are complete or missing, because several processes may do this at once. */
function keep(folder, entry, name, { code, map, content }) {
  const manifest = join(folder, manifestOf(entry));
  try {
    let former;
    try {
      former = JSON.parse(fs.readFileSync(manifest, "utf8")).name;
    } catch {
      // There is no earlier version.
    }
    write(join(folder, `${name}.map`), map);
    write(join(folder, name), code);
    write(manifest, JSON.stringify({ name, content: { ...content, hash: contentOf(content) } }));
    if (former === undefined || former === name) return;
    for (const file of [former, `${former}.map`]) fs.rmSync(join(folder, file), { force: true });
  } catch {
    // For example a full disk. The program runs without the cache.
  }
}

function write(file, text) {
  const whole = `${file}.${process.pid}`;
  fs.writeFileSync(whole, text, { mode: 0o600 });
  fs.renameSync(whole, file);
}

function manifestOf(entry) {
  const compilers = [COMPILER, require.resolve("esbuild/package.json")];
  const hash = createHash("sha256").update(entry);
  for (const file of compilers) hash.update(fs.readFileSync(file));
  return `${hash.digest("hex").slice(0, 32)}.json`;
}

/** Cache folder that no other user can write to. @returns undefined if there is none */
function cacheFolder(entry) {
  const modules = nearest(dirname(entry), "node_modules");
  const user = process.geteuid?.() ?? "";
  const folders = [
    ...(modules === undefined ? [] : [join(modules, ".cache", "vault-platform")]),
    join(tmpdir(), `vault-platform-${user}`),
  ];
  return folders.find((folder) => {
    try {
      // One after the other: with { recursive: true }, Node does not end if a file system rejects folders.
      for (const it of [dirname(folder), folder]) if (!fs.existsSync(it)) fs.mkdirSync(it, { mode: 0o700 });
      fs.accessSync(folder, fs.constants.W_OK);
      const { uid, mode } = fs.lstatSync(folder);
      return process.platform === "win32" || (uid === user && (mode & 0o022) === 0);
    } catch {
      return false;
    }
  });
}

function nearest(folder, name) {
  for (let at = folder; ; at = dirname(at)) {
    if (fs.existsSync(join(at, name))) return join(at, name);
    if (at === parse(at).root) return undefined;
  }
}

module.exports = { CompileError, compiled };
