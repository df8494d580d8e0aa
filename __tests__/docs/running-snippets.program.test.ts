import { pages, snippetsOf } from "./support/pages";
import { runSnippet } from "./support/run-snippet";

jest.setTimeout(60_000);
beforeEach(() => jest.spyOn(console, "log").mockReturnValue());
afterEach(() => jest.restoreAllMocks());

/** Pages with a snippet that creates no stacks, with the reason. */
const WITHOUT_STACKS: Readonly<Record<string, string>> = {
  "docs/constructs/detections.md": "prints searches for a SIEM",
  "docs/vault-platform.md": "is a command of this repository",
};

const snippets = [...pages()].flatMap(([page, text]) => snippetsOf(page, text));
const pageOf = (place: string) => place.split(":")[0];
const [others, programs] = [true, false].map((isListed) =>
  snippets.filter(({ place }) => pageOf(place) in WITHOUT_STACKS === isListed),
);

test.each(programs)("the snippet $place synthesizes", (snippet) => {
  expect(runSnippet(snippet)).not.toEqual([]);
});

test.each(others)("the snippet $place runs, and makes no stacks, as its reason says", (snippet) => {
  expect(runSnippet(snippet)).toEqual([]);
});

test("each page with a reason has a snippet", () => {
  expect(others.map(({ place }) => pageOf(place)).sort()).toEqual(Object.keys(WITHOUT_STACKS).sort());
});

const run = (code: string) => runSnippet({ place: "docs/page.md:1", code });

test("an app in a snippet is refused by the hardening rules, whether it applies them or not", () => {
  const imports = `
    import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
    import { App, TerraformStack } from "cdktf";
    import { applyHardening } from "cdktf-vault-platform/hardening";`;
  const provider = `new VaultProvider(stack, "Vault", {});`;
  const app = `${imports}\nconst app = new App();\nconst stack = new TerraformStack(app, "mine");\n${provider}`;
  expect(() => run(app)).toThrow("vault-provider-token");
  expect(() => run(`${imports}\n${provider}\napplyHardening(app);`)).toThrow("vault-provider-token");
});

test("a value that constructs refuse makes a snippet fail, also within a stack or a part of a definition", () => {
  const stack = (ttl: string) => `
    import { TerraformStack } from "cdktf";
    import type { Construct } from "constructs";
    import { Duration } from "cdktf-vault-platform/core";
    import { DatabaseEngine } from "cdktf-vault-platform/engines";
    export class Mine extends TerraformStack {
      constructor(scope: Construct, id: string) {
        super(scope, id);
        new DatabaseEngine(this, "Database", { maxTtl: Duration.days(${ttl}) });
      }
    }`;
  expect(run(stack("7"))).toEqual(["Mine"]);
  expect(() => run(stack("-7"))).toThrow();
  expect(() => run('export const mirrors = { registry: "https://registry.example.com" };')).toThrow(
    "mirrors.registry",
  );
});
