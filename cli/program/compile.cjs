// Compiles the program that the first argument names, and prints it as JSON, with what it was made of.
const { readFileSync } = require("node:fs");
const { createRequire, isBuiltin } = require("node:module");
const { dirname, extname, join, resolve } = require("node:path");
const { pathToFileURL } = require("node:url");
const { build, transform } = require("esbuild");

const [, , entry] = process.argv;

const SOURCE = /\.[cm]?[jt]sx?$/;
const TYPESCRIPT = /\.[cm]?tsx?$/;
const PLACE = /__dirname|__filename|import\.meta/;

/** Packages stay where they are; what is written in TypeScript is the program's own, also in a workspace beside it. */
const packages = {
  name: "packages",
  setup({ onResolve, resolve: resolveByEsbuild }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, importer, kind, resolveDir, pluginData }) => {
      if (kind === "entry-point" || pluginData === packages) return undefined;
      if (isBuiltin(path)) return { path, external: true };
      // Knows the paths of tsconfig.json.
      const own = await resolveByEsbuild(path, { importer, kind, resolveDir, pluginData: packages });
      const found = resolvePackage(importer, path);
      if (own.errors.length > 0) return undefined;
      if (TYPESCRIPT.test(own.path) || found === undefined) return own;
      return { path: resolvePackage(entry, path) === found ? path : found, external: true };
    });
  },
};

/** @returns nothing for what Node does not find, such as a module that can only be imported */
function resolvePackage(file, path) {
  try {
    return createRequire(file).resolve(path);
  } catch {
    return undefined;
  }
}

/** Files know where they are: constructs read scripts beside them. */
const places = {
  name: "places",
  setup({ onLoad }) {
    onLoad({ filter: SOURCE }, async ({ path }) => {
      const text = readFileSync(path, "utf8");
      if (!PLACE.test(text)) return undefined;
      const quoted = Object.entries({
        __filename: path,
        __dirname: dirname(path),
        "import.meta.url": pathToFileURL(path).href,
        "import.meta.filename": path,
        "import.meta.dirname": dirname(path),
      }).map(([name, value]) => [name, JSON.stringify(value)]);
      const { code } = await transform(text, {
        define: Object.fromEntries(quoted),
        loader: extname(path).slice(1).replace(/^[cm]/, ""),
        sourcefile: path,
        sourcemap: "inline",
        tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: false } },
      });
      return { contents: code, loader: "js" };
    });
  },
};

/** A folder's index gives way to a file of the folder's name. */
function foldersThatDecide(file) {
  const folder = dirname(file);
  return /[\\/]index\.\w+$/.test(file) ? [folder, dirname(folder)] : [folder];
}

async function main() {
  const { metafile, outputFiles } = await build({
    absWorkingDir: dirname(entry),
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    // Node has no other way to load modules of a script that it did not load itself.
    supported: { "dynamic-import": false },
    keepNames: true,
    sourcemap: "linked",
    sourcesContent: false,
    metafile: true,
    outfile: join(dirname(entry), "compiled.js"),
    write: false,
    logLevel: "silent",
    plugins: [packages, places],
  });
  const [map, code] = outputFiles.map(({ text }) => text);
  const inputs = Object.keys(metafile.inputs).map((file) => resolve(dirname(entry), file));
  const folders = [...new Set(inputs.flatMap(foldersThatDecide))].sort();
  const settings = folders.flatMap((folder) => [join(folder, "tsconfig.json"), join(folder, "package.json")]);
  process.stdout.write(JSON.stringify({ code, map, files: [...inputs, ...settings].sort(), folders }));
}

main().catch(async ({ errors, message }) => {
  const { formatMessages } = require("esbuild");
  // What esbuild notes besides is advice for its own options.
  const plain = errors?.map((error) => ({ ...error, notes: [] }));
  const texts = plain ? await formatMessages(plain, { kind: "error" }) : [message];
  process.stderr.write(texts.join("").trim());
  process.exitCode = 1;
});
