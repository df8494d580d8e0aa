import { join } from "node:path";
import ts from "typescript";

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

/** Public classes that users make by `new`, with what is written above each. */
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

/** What an editor shows where the mouse is on the name in `new X(`. */
function quickInfo(name: string) {
  const position = text.indexOf(`new api.${name}(`) + "new api.".length;
  const { documentation, tags } = service.getQuickInfoAtPosition(file, position) ?? {};
  return { name, documentation: ts.displayPartsToString(documentation), tags: tagsOf(tags) };
}

test("an editor shows the text and the errors of a class where it is made", () => {
  const expected = classes();
  expect(expected.length).toBeGreaterThan(60);
  text = IMPORT + expected.map(({ name }) => `new api.${name}();\n`).join("");
  expect(expected.filter(({ documentation }) => documentation === "")).toEqual([]);
  expect(expected.map(({ name }) => quickInfo(name))).toEqual(expected);
}, 120_000);
