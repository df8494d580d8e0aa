import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Construct } from "constructs";
import ts from "typescript";
import * as api from "../../constructs";

const root = join(__dirname, "../..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
/** Folders with an index. Folders without one are internal. */
const folders = readdirSync(join(root, "constructs")).filter((name) =>
  existsSync(join(root, "constructs", name, "index.ts")),
);

test("exports each folder of constructs as a subpath with types", () => {
  for (const folder of folders) {
    const compiled = `./dist/constructs/${folder}/index`;
    expect(manifest.exports[`./${folder}`]).toEqual({ types: `${compiled}.d.ts`, default: `${compiled}.js` });
    expect(manifest.typesVersions["*"][folder]).toEqual([`${compiled}.d.ts`]);
  }
  const others = [".", "./hardening", "./platform", "./run", "./package.json"];
  expect(Object.keys(manifest.exports).sort()).toEqual([...others, ...folders.map((it) => `./${it}`)].sort());
});

test.each(folders)("exports all members of %s from the root", async (folder) => {
  const exported = (await import(`../../constructs/${folder}`)) as Record<string, unknown>;
  for (const [name, value] of Object.entries(exported)) {
    expect([name, (api as Record<string, unknown>)[name] === value]).toEqual([name, true]);
  }
});

test("exports every construct from the root", async () => {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, "constructs", folder)).flatMap((file) =>
      file.endsWith(".ts") ? [join(root, "constructs", folder, file)] : [],
    ),
  );
  const modules = (await Promise.all(files.map((file) => import(file)))) as Record<string, unknown>[];
  const constructs = modules.flatMap((module) =>
    Object.values(module).filter((it) => typeof it === "function" && it.prototype instanceof Construct),
  ) as (abstract new () => unknown)[];
  const exported = new Set<unknown>(Object.values(api));
  expect([...new Set(constructs)].filter((it) => !exported.has(it)).map(({ name }) => name)).toEqual([]);
});

/**
 * Files of this repository that the entries import, directly or indirectly, and the imported packages with an importing
 * file.
 */
function reachedFrom(entries: readonly string[]): { files: string[]; packages: Map<string, string> } {
  const packages = new Map<string, string>();
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const source = readFileSync(file, "utf8");
    const imported = ts.preProcessFile(source, true, file.endsWith(".cjs")).importedFiles;
    // Files of a package that are read, not loaded.
    const resolved = [...source.matchAll(/\brequire\.resolve\("([^"]+)"\)/g)].map(([, name]) => name);
    for (const name of [...imported.map(({ fileName }) => fileName), ...resolved]) {
      if (name.startsWith("node:")) continue;
      if (!name.startsWith(".")) packages.set(/^(@[^/]+\/)?[^/]+/.exec(name)![0], file);
      else
        visit(
          [`${name.replace(/\.js$/, "")}.ts`, join(name, "index.ts"), name]
            .map((it) => join(file, "..", it))
            .find(existsSync)!,
        );
    }
  };
  entries.forEach(visit);
  return { files: [...seen], packages };
}

const library = ["constructs/index.ts", "hardening/index.ts", "stacks/platform.ts"].map((file) =>
  join(root, file),
);

test("imports exactly the dependencies and peer dependencies of the package", () => {
  // Subcommands are in folders; their command imports them.
  const commands = readdirSync(join(root, "cli/commands"), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => join(root, "cli/commands", name));
  const { packages } = reachedFrom([
    ...library,
    ...["cli/bin.ts", "cli/program/run.cjs", "cli/program/compile.cjs"].map((file) => join(root, file)),
    ...commands,
  ]);
  const users = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  expect([...packages].filter(([name]) => !users.includes(name))).toEqual([]);
  expect([...packages.keys()].sort()).toEqual(users.sort());
});

/** Statements of a module that have an effect when the module is loaded. */
function effectsOf(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022);
  const declares = [
    ts.isImportDeclaration,
    ts.isExportDeclaration,
    ts.isInterfaceDeclaration,
    ts.isTypeAliasDeclaration,
    ts.isFunctionDeclaration,
    ts.isClassDeclaration,
    ts.isVariableStatement,
  ];
  return source.statements
    .filter((it) => !declares.some((is) => is(it)) || (ts.isImportDeclaration(it) && !it.importClause))
    .map((it) => `${file}: ${it.getText(source)}`);
}

test("has only declarations at the top level of library modules", () => {
  expect(manifest.sideEffects).toBe(false);
  const { files } = reachedFrom(library);
  expect(files.length).toBeGreaterThan(200);
  expect(files.flatMap(effectsOf)).toEqual([]);
});

test("declares peer dependencies as dev dependencies, and not as dependencies", () => {
  for (const name of Object.keys(manifest.peerDependencies)) {
    expect(manifest.dependencies[name]).toBeUndefined();
    expect(manifest.devDependencies[name]).toBeDefined();
  }
});

test("lists the version in the changelog, and packs only existing paths", () => {
  expect(readFileSync(join(root, "CHANGELOG.md"), "utf8")).toContain(`## [${manifest.version}]`);
  expect(manifest.files.filter((path: string) => path !== "dist" && !existsSync(join(root, path)))).toEqual(
    [],
  );
});
