// Compiles the program in the first argument, and prints the result as JSON, with the files it was compiled from.
const { readFileSync } = require("node:fs");
const { createRequire, isBuiltin } = require("node:module");
const { dirname, extname, join, resolve } = require("node:path");
const { pathToFileURL } = require("node:url");
const { build, transform } = require("esbuild");

const [, , entry] = process.argv;

const SOURCE = /\.[cm]?[jt]sx?$/;
const TYPESCRIPT = /\.[cm]?tsx?$/;
const PLACE = /__dirname|__filename|import\.meta/;

/** Packages are not bundled. TypeScript files belong to the program, even in another package of a workspace. */
const packages = {
  name: "packages",
  setup({ onResolve, resolve: resolveByEsbuild }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, importer, kind, resolveDir, pluginData }) => {
      if (kind === "entry-point" || pluginData === packages) return undefined;
      if (isBuiltin(path)) return { path, external: true };
      // Esbuild reads the paths of tsconfig.json.
      const own = await resolveByEsbuild(path, { importer, kind, resolveDir, pluginData: packages });
      const found = resolvePackage(importer, path);
      if (own.errors.length > 0) return undefined;
      if (TYPESCRIPT.test(own.path) || found === undefined) return own;
      return { path: resolvePackage(entry, path) === found ? path : found, external: true };
    });
  },
};

/**
 * Path of a package.
 * @returns undefined if Node does not find it, for example a module that can only be imported
 */
function resolvePackage(file, path) {
  try {
    return createRequire(file).resolve(path);
  } catch {
    return undefined;
  }
}

/** Replaces the expressions for the path of a file, because constructs read scripts next to their files. */
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

/**
 * Folders in which another file would change the resolution of an import. A file with the name of a folder takes
 * precedence over the index of that folder.
 */
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
    // import() becomes require, because Node cannot import modules from a script that it did not load itself.
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
  // The notes of esbuild are advice for its options.
  const plain = errors?.map((error) => ({ ...error, notes: [] }));
  const texts = plain ? await formatMessages(plain, { kind: "error" }) : [message];
  process.stderr.write(texts.join("").trim());
  process.exitCode = 1;
});
