import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import * as cdktf from "cdktf";
import ts from "typescript";
import { applyHardening } from "../../../hardening";
import { evaluate } from "../../../hardening/evaluate";
import { buildPlatform } from "../../../stacks";
import { ROOT, type Snippet } from "./pages";
import { DEFINITIONS, GIVEN } from "./snippet-context";

/** Providers that snippets expect the reader to define. */
const PROVIDERS: Readonly<Record<string, (stack: cdktf.TerraformStack) => unknown>> = {
  aws: (stack) => new AwsProvider(stack, "GivenAws", { region: "us-east-1" }),
  helm: (stack) => new HelmProvider(stack, "GivenHelm", {}),
  kubernetes: (stack) => new KubernetesProvider(stack, "GivenKubernetes", {}),
  vault: (stack) =>
    new VaultProvider(stack, "GivenVault", {
      authLoginJwt: [{ mount: "jwt", role: "orders" }],
      skipChildToken: true,
    }),
};

/**
 * Runs a snippet as a CDK app: its own apps, or one with its declarations. Its stacks and functions are used, and its
 * parts of environment definitions are completed.
 * @returns the names of the synthesized stacks, an empty list if there are none
 * @throws the error of the snippet or of the synthesis
 */
export function runSnippet({ code }: Snippet): string[] {
  const folder = mkdtempSync(join(tmpdir(), "snippet-"));
  const apps: cdktf.App[] = [];
  class App extends cdktf.App {
    constructor(config?: cdktf.AppConfig) {
      super({ ...config, outdir: mkdtempSync(join(folder, "out-")) });
      apps.push(this);
    }
    /** Does nothing: synthesis happens after the snippet. */
    override synth(): void {}
  }
  const given = new App();
  const stack = new cdktf.TerraformStack(given, "given");
  try {
    const exported = execute(code, { App, app: given, stack });
    for (const [name, value] of Object.entries(exported)) use(name, value, code, given, stack);
    // An app that the snippet creates is complete, so the hardening rules evaluate it.
    for (const own of apps.slice(1)) applyHardening(own);
    const written = apps.flatMap(synthesize);
    requireRules(given);
    return written;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Context {
  readonly App: typeof cdktf.App;
  readonly app: cdktf.App;
  readonly stack: cdktf.TerraformStack;
}

function execute(code: string, { App, app, stack }: Context): Record<string, unknown> {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const declared = [...code.matchAll(/^declare const (\w+)/gm)].map(([, name]) => name);
  const values = { app, stack, ...Object.fromEntries(declared.map((name) => [name, give(name, stack)])) };
  const exports = {};
  const load = (name: string): unknown => {
    if (name === "cdktf") return { ...cdktf, App, Testing: { ...cdktf.Testing, app: () => new App() } };
    if (name === "cdktf-vault-platform/platform") return jest.requireActual(join(ROOT, "stacks/platform"));
    if (name === "cdktf-vault-platform/hardening") return jest.requireActual(join(ROOT, "hardening"));
    const inside = /^cdktf-vault-platform(\/.*)?$/.exec(name);
    // Relative paths are written as in a page of docs/.
    return jest.requireActual(
      inside ? join(ROOT, "constructs", inside[1] ?? "") : name.replace(/^\.\.\//, `${ROOT}/`),
    );
  };
  const body = new Function("require", "exports", ...Object.keys(values), `{${outputText}}`);
  body(load, exports, ...Object.values(values));
  return exports;
}

function use(name: string, value: unknown, code: string, app: cdktf.App, stack: cdktf.TerraformStack): void {
  if (typeof value !== "function") {
    const definitions = DEFINITIONS[name] as ((value: unknown) => readonly never[]) | undefined;
    if (definitions) buildPlatform(app, definitions(value));
    return;
  }
  const parameters = parametersOf(name, code);
  if (value.prototype instanceof cdktf.TerraformStack) {
    const [, , ...more] = parameters;
    Reflect.construct(value, [app, name, ...more.map((it) => give(it, stack))]);
  } else value(...parameters.map((it) => give(it, stack)));
}

/** Parameter names of a function or of a class's constructor. */
function parametersOf(name: string, code: string): string[] {
  const source = ts.createSourceFile("snippet.ts", code, ts.ScriptTarget.ES2022);
  const found = source.statements.find(
    (it): it is ts.ClassDeclaration | ts.FunctionDeclaration =>
      (ts.isClassDeclaration(it) || ts.isFunctionDeclaration(it)) && it.name?.text === name,
  );
  const declaration =
    found && ts.isClassDeclaration(found) ? found.members.find(ts.isConstructorDeclaration) : found;
  return declaration?.parameters.map((it) => it.name.getText(source)) ?? [];
}

function give(name: string, stack: cdktf.TerraformStack): unknown {
  const value = GIVEN[name];
  if (!value) throw new Error(`${name} is not given to snippets; say in snippet-context.ts what it is.`);
  return value(stack);
}

function synthesize(app: cdktf.App): string[] {
  const stacks = app.node.findAll().filter(cdktf.TerraformStack.isStack);
  for (const stack of stacks) addProviders(stack);
  const written = stacks.filter((it) => it.node.id !== "given" || it.node.children.length > 0);
  if (written.length > 0) cdktf.App.prototype.synth.call(app);
  return written.map(({ node }) => node.id);
}

/** Checks that no rule crashes. Other findings are ignored: a snippet is only a part of an app. */
function requireRules(app: cdktf.App): void {
  const findings = evaluate(app).platforms.flatMap(({ results }) => results.flatMap((it) => it.findings));
  const crashed = findings.find(({ problem }) => problem.startsWith("the rule crashed"));
  if (crashed) throw new Error(`${crashed.rule.id}: ${crashed.problem}`);
}

function addProviders(stack: cdktf.TerraformStack): void {
  const elements = stack.node.findAll();
  const needed = elements.flatMap((it) => {
    const isUser = cdktf.TerraformResource.isTerraformResource(it) || it instanceof cdktf.TerraformDataSource;
    return isUser ? [it.terraformGeneratorMetadata?.providerName ?? ""] : [];
  });
  const present = elements.flatMap((it) =>
    it instanceof cdktf.TerraformProvider ? [it.terraformResourceType] : [],
  );
  for (const [name, add] of Object.entries(PROVIDERS)) {
    if (needed.includes(name) && !present.includes(name)) add(stack);
  }
}
