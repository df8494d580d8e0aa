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

test.each(programs)("synthesizes the snippet $place", (snippet) => {
  expect(runSnippet(snippet)).not.toEqual([]);
});

test.each(others)("runs the snippet $place, which creates no stacks", (snippet) => {
  expect(runSnippet(snippet)).toEqual([]);
});

test("finds a snippet on each page that is listed without stacks", () => {
  expect(others.map(({ place }) => pageOf(place)).sort()).toEqual(Object.keys(WITHOUT_STACKS).sort());
});

const run = (code: string) => runSnippet({ place: "docs/page.md:1", code });

test("applies the hardening rules to an app in a snippet, even if the snippet does not", () => {
  const imports = `
    import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
    import { App, TerraformStack } from "cdktf";
    import { applyHardening } from "cdktf-vault-platform/hardening";`;
  const provider = `new VaultProvider(stack, "Vault", {});`;
  const app = `${imports}\nconst app = new App();\nconst stack = new TerraformStack(app, "mine");\n${provider}`;
  expect(() => run(app)).toThrow("vault-provider-token");
  expect(() => run(`${imports}\n${provider}\napplyHardening(app);`)).toThrow("vault-provider-token");
});

test("rejects invalid values in a snippet's stack or partial definition", () => {
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
