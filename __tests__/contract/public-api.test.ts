import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import * as api from "../../constructs";

const root = join(__dirname, "../..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const folders = readdirSync(join(root, "constructs"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

test("each folder of constructs is a subpath of the package, for Node and for old resolution of types", () => {
  for (const folder of folders) {
    const compiled = `./dist/constructs/${folder}/index`;
    expect(manifest.exports[`./${folder}`]).toEqual({ types: `${compiled}.d.ts`, default: `${compiled}.js` });
    expect(manifest.typesVersions["*"][folder]).toEqual([`${compiled}.d.ts`]);
  }
  const others = [".", "./platform", "./package.json"];
  expect(Object.keys(manifest.exports).sort()).toEqual([...others, ...folders.map((it) => `./${it}`)].sort());
});

test.each(folders)("the root exports all that %s exports", async (folder) => {
  const exported = (await import(`../../constructs/${folder}`)) as Record<string, unknown>;
  for (const [name, value] of Object.entries(exported)) {
    expect([name, (api as Record<string, unknown>)[name] === value]).toEqual([name, true]);
  }
});

/** Statements of a module that do something when it is loaded, instead of declaring. */
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

test("modules of the library declare and do nothing else, as sideEffects: false promises", () => {
  expect(manifest.sideEffects).toBe(false);
  const files = ["constructs", "stacks", "environments"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => join(root, folder, path)),
  );
  expect(files.length).toBeGreaterThan(200);
  expect(files.flatMap(effectsOf)).toEqual([]);
});

test("providers and the engine are peers, whose ranges admit the versions that are developed with", () => {
  for (const name of Object.keys(manifest.peerDependencies)) {
    expect(manifest.dependencies[name]).toBeUndefined();
    expect(manifest.devDependencies[name]).toBeDefined();
  }
});

test("the changelog has the version of the package, and nothing that is packed is missing", () => {
  expect(readFileSync(join(root, "CHANGELOG.md"), "utf8")).toContain(`## [${manifest.version}]`);
  expect(manifest.files.filter((path: string) => path !== "dist" && !existsSync(join(root, path)))).toEqual(
    [],
  );
});
