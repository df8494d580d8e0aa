import { type App, Testing } from "cdktf";
import ts from "typescript";
import { loadEnvironments } from "../../platform/load";
import { production } from "../../environments/production";
import type { EnvironmentDefinition } from "../../platform/schema";
import { buildPlatform } from "../../stacks";
import { pages, snippetsOf } from "./support/pages";

type Service = NonNullable<EnvironmentDefinition["services"]>[number];

const [example] = snippetsOf(
  "README.md",
  pages().get("README.md")!.split("### A service in fifteen lines")[1],
);

/** Exports of the example. */
function exported(code: string): Record<string, Service> {
  const { outputText } = ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
  const exports = {};
  new Function("exports", outputText)(exports);
  return exports as Record<string, Service>;
}

const { ledger } = exported(example.code);
const definition = { ...production, services: [...production.services!, ledger] };

test("fits the README's service into fifteen lines with every kind of access to secrets", () => {
  expect(example.code.trimEnd().split("\n").length).toBeLessThanOrEqual(15);
  expect(Object.keys(ledger)).toEqual(
    expect.arrayContaining(["reads", "databases", "certificates", "deployment", "secrets"]),
  );
});

test("accepts the README's service in a definition", () => {
  expect(loadEnvironments([definition])[0].services[1]).toMatchObject({
    name: "ledger",
    databases: [{ name: "payments-db", access: "read-only" }],
  });
});

test("creates the resources that the README names for the service", () => {
  const app = Testing.app() as App;
  buildPlatform(app, [definition]);
  app.synth();
  const paths = app.node.findAll().map(({ node }) => node.path);
  for (const path of [
    "production-config/production-ledger/Binding/Policy/Resource",
    "production-config/production-ledger/DatabaseRole/Resource",
    "production-config/production-ledger/PkiRole/Resource",
    "production-workloads/production-ledger/Deployment/Resource",
    "production-workloads/production-ledger/Secret-ledger-secrets",
  ]) {
    expect(paths).toContain(path);
  }
});
