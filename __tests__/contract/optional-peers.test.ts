import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const root = join(__dirname, "../..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const isProvider = (name: string) => name.startsWith("@cdktf/provider-");
const providers = Object.keys(manifest.peerDependencies).filter(isProvider).sort();

const compiled = new Map<string, string>();
function compile(file: string): string {
  const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const known = compiled.get(file);
  if (known !== undefined) return known;
  const { outputText } = ts.transpileModule(readFileSync(file, "utf8"), { compilerOptions: options });
  compiled.set(file, outputText);
  return outputText;
}

/** Provider packages that a module loads. Type-only imports load nothing. */
function providersOf(entry: string): string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, name] of compile(file).matchAll(/\brequire\("([^"]+)"\)/g)) {
      const [scope, rest] = name.split("/");
      if (name.startsWith(".")) {
        const paths = [`${name}.ts`, join(name, "index.ts")].map((it) => join(file, "..", it));
        visit(paths.find((path) => existsSync(path))!);
      } else if (isProvider(name)) found.add(`${scope}/${rest}`);
    }
  };
  visit(join(root, entry));
  return [...found].sort();
}

/** Subpaths and the provider packages that the page tells users to install. */
function documented(): Map<string, string[]> {
  const page = readFileSync(join(root, "docs/library.md"), "utf8");
  const [, table] = /\| You import \| Provider packages to install \|\n\|[-|]+\|\n((?:\|.*\n)+)/.exec(page)!;
  const rows = table
    .trim()
    .split("\n")
    .map((row) => row.split("|").slice(1, 3));
  return new Map(
    rows.flatMap(([imports, install]) => {
      const named = [...install.matchAll(/`(@cdktf\/provider-[a-z]+)@\d+`/g)].map(([, name]) => name);
      const needed = install.trim() === "all four" ? providers : named.sort();
      const subpaths = [...imports.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
      return subpaths.map((it): [string, string[]] => [it.startsWith("/") ? `.${it}` : ".", needed]);
    }),
  );
}

/** Subpaths with types can be imported; ./run is a program. */
const entries = Object.keys(manifest.exports).filter((it) => manifest.exports[it].types);

test("loads exactly the documented provider packages for each subpath", () => {
  const source = (path: string) => path.replace("./dist/", "").replace(/\.js$/, ".ts");
  const loaded = entries.map((it) => [it, providersOf(source(manifest.exports[it].default))]);
  expect(Object.fromEntries(documented())).toEqual(Object.fromEntries(loaded));
});

test("marks only provider packages that some subpath does not need as optional peers", () => {
  const optional = Object.keys(manifest.peerDependenciesMeta).sort();
  const dispensable = providers.filter((name) =>
    [...documented().values()].some((needed) => !needed.includes(name)),
  );
  expect(optional).toEqual(dispensable);
  for (const name of optional) expect(manifest.peerDependenciesMeta[name]).toEqual({ optional: true });
});
