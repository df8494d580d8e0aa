import { join } from "node:path";
import ts from "typescript";
import { readDefinitionTypes } from "../../scripts/reference/definition-types";

const root = join(__dirname, "../..");
const file = join(root, "quick-info.ts");
const IMPORT = 'import * as api from "./constructs";\n';

const options: ts.CompilerOptions = {
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  target: ts.ScriptTarget.ES2022,
  skipLibCheck: true,
  types: [],
};
let text = IMPORT;
const service = ts.createLanguageService({
  getCompilationSettings: () => options,
  getScriptFileNames: () => [file],
  getScriptVersion: (path) => (path === file ? String(text.length) : "1"),
  getScriptSnapshot(path) {
    const found = path === file ? text : ts.sys.readFile(path);
    return found === undefined ? undefined : ts.ScriptSnapshot.fromString(found);
  },
  getCurrentDirectory: () => root,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: (path) => path === file || ts.sys.fileExists(path),
  readFile: ts.sys.readFile,
  directoryExists: ts.sys.directoryExists,
});

/** Public classes that users instantiate, with their doc comments. */
function classes() {
  const program = service.getProgram()!;
  const checker = program.getTypeChecker();
  const api = checker.getSymbolAtLocation(program.getSourceFile(join(root, "constructs/index.ts"))!)!;
  return checker.getExportsOfModule(api).flatMap((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const declaration = symbol.valueDeclaration;
    if (!declaration || !ts.isClassDeclaration(declaration)) return [];
    const constructor = declaration.members.find(ts.isConstructorDeclaration);
    const isInternal =
      constructor !== undefined &&
      (ts.getCombinedModifierFlags(constructor) !== 0 ||
        ts.getJSDocTags(constructor).some(({ tagName }) => tagName.text === "internal"));
    const isMade = !(ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Abstract) && !isInternal;
    const documentation = ts.displayPartsToString(symbol.getDocumentationComment(checker));
    return isMade ? [{ name: exported.name, documentation, tags: tagsOf(symbol.getJsDocTags(checker)) }] : [];
  });
}

function tagsOf(tags: readonly ts.JSDocTagInfo[] | undefined): string[] {
  return (tags ?? []).map((tag) => `@${tag.name} ${ts.displayPartsToString(tag.text)}`);
}

/** Text that an editor shows for the name in `new X(`. */
function quickInfo(name: string) {
  const position = text.indexOf(`new api.${name}(`) + "new api.".length;
  const { documentation, tags } = service.getQuickInfoAtPosition(file, position) ?? {};
  return { name, documentation: ts.displayPartsToString(documentation), tags: tagsOf(tags) };
}

test("shows documentation and tags of each class at its constructor call", () => {
  const expected = classes();
  expect(expected.length).toBeGreaterThan(60);
  text = IMPORT + expected.map(({ name }) => `new api.${name}();\n`).join("");
  expect(expected.filter(({ documentation }) => documentation === "")).toEqual([]);
  expect(expected.map(({ name }) => quickInfo(name))).toEqual(expected);
}, 120_000);

test("documents every field of a definition with description, example and default", () => {
  const fields = [...readDefinitionTypes().interfaces.values()].flatMap(({ name, fields }) =>
    fields.map((field) => ({ ...field, path: `${name}.${field.name}` })),
  );
  expect(fields.length).toBeGreaterThan(150);
  const incomplete = fields.filter(
    (field) => !field.description || !field.example || field.isOptional !== (field.default !== undefined),
  );
  expect(incomplete.map(({ path }) => path)).toEqual([]);
});

test("documents every interface of a definition", () => {
  const interfaces = [...readDefinitionTypes().interfaces.values()];
  expect(interfaces.filter(({ description }) => !description)).toEqual([]);
});

test("shows description, default and example of a definition's field in the editor", () => {
  text = `import type { EnvironmentDefinition } from "./stacks/platform";
const vault: Partial<EnvironmentDefinition["vault"]> = { dataSize: "20Gi" };
`;
  const { documentation, tags } = service.getQuickInfoAtPosition(file, text.indexOf("dataSize")) ?? {};
  expect(ts.displayPartsToString(documentation)).toBe(
    "Size of each server's data volume, at most 64 TiB. Unit: Mi or Gi.",
  );
  expect(tagsOf(tags)).toEqual(['@default "10Gi" - secrets are small', '@example "20Gi"']);
}, 120_000);
