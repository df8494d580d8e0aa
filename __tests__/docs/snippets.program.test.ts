import { join } from "node:path";
import ts from "typescript";
import { ROOT, pages, snippetsOf } from "./support/pages";

/** Variables that snippets may use without declaring them. */
const SURROUNDINGS = `
  declare const app: import("cdktf").App;
  declare const stack: import("cdktf").TerraformStack;
`;

const snippets = [...pages()].flatMap(([page, text]) => snippetsOf(page, text));
const files = new Map(
  snippets.map(({ place, code }) => [join(ROOT, `${place.replace(":", ".")}.ts`), `${code}\nexport {};\n`]),
);
const surroundings = join(ROOT, "docs", "surroundings.d.ts");
files.set(surroundings, SURROUNDINGS);

function problemsOf(sources: ReadonlyMap<string, string>): string[] {
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const relaxed = { ...options, noUnusedLocals: false, noUnusedParameters: false, types: ["node"] };
  const host = ts.createCompilerHost(relaxed);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => sources.has(path) || fileExists(path);
  host.readFile = (path) => sources.get(path) ?? readFile(path);
  host.getSourceFile = (path, language, ...rest) => {
    const text = sources.get(path);
    if (text === undefined) return getSourceFile(path, language, ...rest);
    return ts.createSourceFile(path, text, language);
  };
  const program = ts.createProgram([...sources.keys()], relaxed, host);
  return ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => file && sources.has(file.fileName))
    .map(({ file, start, messageText }) => {
      const [, page, first] = /^(.*)\.(\d+)\.ts$/.exec(file!.fileName.slice(ROOT.length + 1))!;
      const line = Number(first) + file!.getLineAndCharacterOfPosition(start!).line;
      return `${page}:${line}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
}

test("compiles every TypeScript snippet of the documentation", () => {
  expect(snippets.length).toBeGreaterThan(60);
  expect(problemsOf(files)).toEqual([]);
});

test("reports a snippet that does not compile with page and line", () => {
  const wrong = new Map([
    [surroundings, SURROUNDINGS],
    [join(ROOT, "docs/page.md.7.ts"), "stack;\nconst three: number = 'three';\nexport {};"],
  ]);
  expect(problemsOf(wrong)).toEqual(["docs/page.md:8: Type 'string' is not assignable to type 'number'."]);
});

test("imports from the package instead of relative paths in snippets", () => {
  const inside = snippets.filter(({ code }) => /from "\.\.?\/.*(constructs|stacks)\//.test(code));
  expect(inside.map(({ place }) => place)).toEqual([]);
});
