import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TerraformStack, Testing } from "cdktf";
import { parseAllDocuments } from "yaml";
import { findMirroredProviders, ownCliConfig, renderCliConfig } from "../../local/provider-mirrors";
import { cannotInstall, copyForPlan, missingProviders, terraformEnvironment } from "../../local/terraform";
import { missingPrograms, programPath, sayMissing, testUnless } from "./needs";

type Block = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

const PROJECT = join(__dirname, "..", "..");

/** Cache of initialised folders, kept between runs. Reinstalling the npm packages clears it. */
const CACHE = join(PROJECT, "node_modules", ".cache", "terraform-tests");

/** Provider versions that the bindings were generated for. AWS has the range that the stacks allow. */
const VERSIONS = {
  aws: ">= 5.100.0, < 7.0.0",
  helm: bound("helm"),
  kubernetes: bound("kubernetes"),
  vault: bound("vault"),
};

/** Provider that a test can plan with. */
export type Provider = keyof typeof VERSIONS;

/** Plan of a stack without existing resources. */
export interface Plan {
  /** Values of the resources to create, by type. */
  resources(type: string): Block[];
  /** Objects rendered from the charts of Helm releases, by release; requires `render`. */
  readonly rendered: Readonly<Record<string, Block[]>>;
}

/**
 * `test`, skipped with a message if Terraform or a provider cannot be installed. The test receives a function that
 * plans a stack. The stack may use only the given providers.
 */
export function testWithTerraform(
  providers: readonly Provider[],
  title: string,
  body: (plan: (stack: TerraformStack, options?: PlanOptions) => Plan) => void,
): void {
  const { folder = "", missing } = install(providers);
  const plan = (stack: TerraformStack, options?: PlanOptions) => planFromNothing(folder, stack, options);
  testUnless(missing)(title, () => body(plan), 60_000);
}

/** Reason why Terraform or a provider cannot be installed here. @returns undefined if they can */
export function missingForTerraform(providers: readonly Provider[]): string | undefined {
  return install(providers).missing;
}

/** Options of a plan. */
export interface PlanOptions {
  /** Names of Helm releases to render. Their charts must be available locally. @default - none */
  readonly render?: readonly string[];
  /** Values of Terraform variables. @default - the variables' defaults */
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * Terraform for many synthesized stacks at once, with the given providers.
 * @returns undefined, after printing the reason, if Terraform or a provider cannot be installed
 */
export function terraformFor(providers: readonly Provider[]): TerraformStacks | undefined {
  const { folder, missing } = install(providers);
  if (missing) sayMissing(missing);
  return folder === undefined ? undefined : new TerraformStacks(folder);
}

/** Validates stacks as modules of one configuration: each start of a provider takes seconds. */
export class TerraformStacks {
  constructor(private readonly initialised: string) {}

  /**
   * Validates all stacks in one run.
   * @param stacks - contents of `cdk.tf.json`, by name
   * @returns errors by the stack's name
   */
  validate(stacks: Readonly<Record<string, Block>>): Readonly<Record<string, string[]>> {
    const folder = mkdtempSync(join(tmpdir(), "validate-"));
    try {
      for (const [name, stack] of Object.entries(stacks)) {
        mkdirSync(join(folder, name));
        // Only root modules may contain import blocks.
        writeFileSync(join(folder, name, "main.tf.json"), JSON.stringify({ ...stack, import: undefined }));
      }
      const module = Object.fromEntries(Object.keys(stacks).map((name) => [name, { source: `./${name}` }]));
      writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ module }));
      cpSync(join(this.initialised, ".terraform.lock.hcl"), join(folder, ".terraform.lock.hcl"));
      const data = join(folder, "data");
      mkdirSync(data);
      symlinkSync(join(this.initialised, ".terraform", "providers"), join(data, "providers"));
      const env = { TF_DATA_DIR: data };
      succeed(terraform(folder, ["get", "-no-color"], env));
      const { stdout, stderr } = terraform(folder, ["validate", "-json"], env);
      if (!stdout.startsWith("{")) throw new Error(`terraform validate failed: ${stderr}${stdout}`);
      const errors: Record<string, string[]> = {};
      for (const { severity, summary, detail, range, snippet } of JSON.parse(stdout).diagnostics as Block[]) {
        if (severity !== "error") continue;
        const name = String(range?.filename ?? "").split("/")[0];
        (errors[name] ??= []).push(`${snippet?.context ?? ""}: ${summary}: ${detail}`);
      }
      return errors;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Plans one stack without existing resources. @returns the error, or undefined on success */
  plan(stackFolder: string): string | undefined {
    const folder = mkdtempSync(join(tmpdir(), "plan-"));
    try {
      copyForPlan(stackFolder, folder);
      cpSync(join(this.initialised, ".terraform.lock.hcl"), join(folder, ".terraform.lock.hcl"));
      const args = ["plan", "-input=false", "-lock=false", "-refresh=false", "-no-color"];
      const env = { TF_DATA_DIR: join(this.initialised, ".terraform") };
      const { status, stderr } = terraform(folder, args, env);
      return status === 0 ? undefined : stderr;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** Validates a stack with real providers and plans it without existing resources. */
function planFromNothing(
  initialised: string,
  stack: TerraformStack,
  { render = [], variables = {} }: PlanOptions = {},
): Plan {
  const synthesized = Testing.fullSynth(stack);
  const folder = mkdtempSync(join(tmpdir(), "plan-"));
  try {
    copyForPlan(join(synthesized, "stacks", stack.node.id), folder);
    cpSync(join(initialised, ".terraform.lock.hcl"), join(folder, ".terraform.lock.hcl"));
    const config = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
    const templates = helmTemplates(config, render);
    writeFileSync(join(folder, "templates.tf.json"), JSON.stringify(templates));
    const env = { TF_DATA_DIR: join(initialised, ".terraform") };
    succeed(terraform(folder, ["validate", "-no-color"], env));
    const planArgs = ["plan", "-input=false", "-lock=false", "-refresh=false", "-no-color", "-out=plan"];
    const variableArgs = Object.entries(variables).map(([name, value]) => `-var=${name}=${value}`);
    succeed(terraform(folder, [...planArgs, ...variableArgs], env));
    const plan = JSON.parse(succeed(terraform(folder, ["show", "-json", "plan"], env)));
    const planned: Block[] = plan.planned_values.root_module.resources ?? [];
    const read: Block[] = plan.prior_state?.values?.root_module?.resources ?? [];
    return {
      resources: (type) => planned.filter((resource) => resource.type === type).map(({ values }) => values),
      rendered: Object.fromEntries(
        read
          .filter(({ type }) => type === "helm_template")
          .map(({ values }) => [values.name, parseManifest(values.manifest)]),
      ),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(synthesized, { recursive: true, force: true });
  }
}

/** Data sources that render releases like `helm template`, with the same chart and values. */
function helmTemplates(config: Block, names: readonly string[]): Block {
  const releases = Object.entries<Block>(config.resource?.helm_release ?? {});
  const templates = names.map((name) => {
    const [id, release] = releases.find(([, { name: found }]) => found === name) ?? [];
    if (!id || !release) throw new Error(`no Helm release ${name} in the stack`);
    const { chart, repository, version, namespace, values } = release;
    return [
      id,
      { name, chart, repository, version, namespace, values, include_crds: true, kube_version: "1.34.0" },
    ];
  });
  return templates.length > 0 ? { data: { helm_template: Object.fromEntries(templates) } } : {};
}

function parseManifest(manifest: string): Block[] {
  return parseAllDocuments(manifest)
    .map((document) => document.toJS())
    .filter((object) => object !== null);
}

/** Initialises a folder with the providers, once for all tests. */
function install(providers: readonly Provider[]): { folder?: string; missing?: string } {
  const program = missingPrograms("terraform");
  if (program) return { missing: program };
  const config = {
    terraform: {
      backend: { local: {} },
      required_providers: Object.fromEntries(
        [...providers].sort().map((name) => [name, { source: `hashicorp/${name}`, version: VERSIONS[name] }]),
      ),
    },
  };
  mkdirSync(CACHE, { recursive: true });
  const folder = join(CACHE, digest(JSON.stringify(config) + cliConfig()));
  if (existsSync(folder)) return { folder };
  const draft = mkdtempSync(join(CACHE, "draft-"));
  try {
    writeFileSync(join(draft, "main.tf.json"), JSON.stringify(config));
    const outcome = terraform(draft, ["init", "-input=false", "-no-color"]);
    const missing = missingProviders(outcome.stderr);
    if (missing.length > 0) return { missing: cannotInstall(missing) };
    succeed(outcome);
    try {
      renameSync(draft, folder);
    } catch (error) {
      // Another test file has created the folder.
      if (!existsSync(folder)) throw error;
    }
    return { folder };
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function terraform(
  cwd: string,
  args: readonly string[],
  extra: NodeJS.ProcessEnv = {},
): SpawnSyncReturns<string> {
  const env = terraformEnvironment(process.env, { cliConfig: cliConfig(), endpoint: "http://127.0.0.1:1" });
  return spawnSync(programPath("terraform"), args, {
    cwd,
    env: { ...env, ...extra },
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
}

function cliConfig(): string {
  const own = ownCliConfig(process.env);
  if (own) return own;
  const providers = findMirroredProviders({ env: process.env, project: PROJECT, addOns: "/opt" });
  const text = renderCliConfig(providers);
  const path = join(CACHE, `${digest(text)}.rc`);
  if (!existsSync(path)) writeFileSync(path, text);
  return path;
}

function succeed({ status, stdout, stderr }: SpawnSyncReturns<string>): string {
  if (status !== 0) throw new Error(`terraform failed: ${stderr}${stdout}`);
  return stdout;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function bound(name: string): string {
  const path = require.resolve(`@cdktf/provider-${name}/package.json`);
  return JSON.parse(readFileSync(path, "utf8")).cdktf.provider.version;
}
