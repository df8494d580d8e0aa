import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { devNull } from "node:os";
import { join, resolve, sep } from "node:path";
import { UserError } from "../constructs/core/user-error";
import { type Outcome, run } from "../cli/processes";

/**
 * Variables that would direct Terraform away from the local platform: to another account, cluster, folder or workspace.
 */
export const ELSEWHERE = /^(AWS_|VAULT_|KUBE|HELM_|TF_(VAR_|WORKSPACE|DATA_DIR|CLI_ARGS))/;

/**
 * The caller's environment without identities, for Terraform. The local platform cannot change a real account, whatever
 * is set in the shell or in ~/.aws (which can disable the endpoint).
 */
export function terraformEnvironment(
  env: NodeJS.ProcessEnv,
  settings: { cliConfig: string; endpoint: string },
): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !ELSEWHERE.test(name));
  return { ...Object.fromEntries(kept), ...emulatorVariables(settings), TF_IN_AUTOMATION: "1" };
}

/** Variables that direct Terraform to the emulator and to the providers of this machine. */
export function emulatorVariables(settings: { cliConfig: string; endpoint: string }): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: settings.endpoint,
    TF_VAR_aws_endpoint: settings.endpoint,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: "true",
    CHECKPOINT_DISABLE: "1",
    TF_CLI_CONFIG_FILE: settings.cliConfig,
  };
}

/** Terraform in the folder of one stack. */
export class Terraform {
  constructor(
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /**
   * Initialises the folder.
   * @returns the providers that Terraform cannot install here, with their version; empty if it succeeded
   */
  async init(): Promise<string[]> {
    const outcome = await this.run(["init", "-input=false", "-no-color"]);
    if (outcome.code === 0) return [];
    const missing = missingProviders(outcome.stderr);
    if (missing.length === 0) throw this.failure("init", outcome);
    const stack = JSON.parse(readFileSync(join(this.folder, "cdk.tf.json"), "utf8"));
    const required: { source: string; version?: string }[] = Object.values(
      stack.terraform.required_providers,
    );
    return missing.map((source) => {
      // A source without a namespace belongs to hashicorp.
      const version = required.find((provider) => `hashicorp/${provider.source}`.endsWith(source))?.version;
      return version ? `${source} ${version}` : source;
    });
  }

  /**
   * Initialises the folder unless that was done with the same backend, providers and CLI configuration.
   * @param onInit called before Terraform runs
   * @returns as `init`
   */
  async initOnce(onInit: () => void): Promise<string[]> {
    const data = join(this.folder, ".terraform");
    const marker = join(data, "initialised");
    const { terraform } = JSON.parse(readFileSync(join(this.folder, "cdk.tf.json"), "utf8"));
    const cliConfig = this.env.TF_CLI_CONFIG_FILE;
    const inputs = () =>
      JSON.stringify([terraform, cliConfig && readFileSync(cliConfig, "utf8"), installedProviders(data)]);
    if (existsSync(marker) && readFileSync(marker, "utf8") === inputs()) return [];
    onInit();
    const missing = await this.init();
    if (missing.length === 0) {
      mkdirSync(data, { recursive: true });
      writeFileSync(marker, inputs());
    }
    return missing;
  }

  /** Validates the stack. @throws UserError with Terraform's errors */
  async validate(): Promise<void> {
    const outcome = await this.run(["validate", "-no-color"]);
    if (outcome.code !== 0) throw this.failure("validate", outcome);
  }

  /**
   * Plans as if nothing existed yet.
   * @returns the number of resources that would be created, or the charts that Helm cannot download here
   */
  async planFromNothing(): Promise<number | { readonly missingCharts: readonly string[] }> {
    const outcome = await this.run(["plan", "-input=false", "-lock=false", "-refresh=false", "-json"]);
    const changes = changeSummary(outcome.stdout);
    if (outcome.code === 0 && changes) return changes.add;
    const errors = errorsIn(outcome.stdout);
    const charts = errors.map((text) => /Unable to locate chart (\S+): .* cannot be reached/.exec(text)?.[1]);
    if (errors.length > 0 && charts.every((chart) => chart !== undefined)) {
      return { missingCharts: [...new Set(charts)].sort() };
    }
    throw this.failure("plan", outcome);
  }

  /** Applies the stack. @returns the number of resources that were added, changed or removed */
  async apply(onProgress: (done: number, total: number) => void): Promise<number> {
    let done = 0;
    let total = 0;
    const outcome = await this.run(
      ["apply", "-input=false", "-auto-approve", "-lock-timeout=60s", "-json"],
      (line) => {
        const event = parseEvent(line);
        if (event?.type === "change_summary" && event.changes) total = sum(event.changes);
        const reads = event?.hook?.action === "read";
        if (event?.type === "apply_complete" && !reads) onProgress(++done, total);
      },
    );
    const changes = changeSummary(outcome.stdout);
    if (outcome.code !== 0 || !changes) throw this.failure("apply", outcome);
    return sum(changes);
  }

  /** Counts the managed resources in the stack's state file. */
  countResources(): number {
    const { terraform } = JSON.parse(readFileSync(join(this.folder, "cdk.tf.json"), "utf8"));
    const file = resolve(this.folder, terraform?.backend?.local?.path ?? "terraform.tfstate");
    if (!existsSync(file)) return 0;
    const { resources = [] } = JSON.parse(readFileSync(file, "utf8")) as {
      resources?: readonly { mode: string; instances: readonly unknown[] }[];
    };
    const managed = resources.filter(({ mode }) => mode === "managed");
    return managed.reduce((count, { instances }) => count + instances.length, 0);
  }

  private run(args: readonly string[], onLine?: (line: string) => void): Promise<Outcome> {
    return run("terraform", args, { cwd: this.folder, env: this.env, onLine });
  }

  private failure(command: string, { stdout, stderr }: Outcome): UserError {
    const text = [...errorsIn(stdout), stderr.trim()].filter(Boolean).join("\n") || stdout.trim();
    return new UserError(`terraform ${command} failed in ${this.folder}:\n${text}`);
  }
}

/**
 * Installed providers of an initialised folder. A provider from a mirror is a link; one without a target is left out.
 */
function installedProviders(data: string): string[] {
  const folder = join(data, "providers");
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.split(sep).length === 5 && existsSync(join(folder, path)))
    .sort();
}

/**
 * Copies a stack so that it can be planned anywhere: with a state in the copy, and with AWS providers that do not
 * verify credentials. The synthesized stack is not changed.
 */
export function copyForPlan(stackFolder: string, copy: string): void {
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  cpSync(join(stackFolder, "cdk.tf.json"), join(copy, "cdk.tf.json"));
  const assets = join(stackFolder, "assets");
  if (existsSync(assets)) cpSync(assets, join(copy, "assets"), { recursive: true });
  const stack = JSON.parse(readFileSync(join(copy, "cdk.tf.json"), "utf8"));
  const offline = {
    skip_credentials_validation: true,
    skip_requesting_account_id: true,
    skip_metadata_api_check: true,
    skip_region_validation: true,
    // Without an identity there is no account to compare.
    allowed_account_ids: [],
  };
  const aws = ((stack.provider?.aws ?? []) as { alias?: string }[]).map(({ alias }) => ({
    ...(alias && { alias }),
    ...offline,
  }));
  const override = { terraform: { backend: { local: {} } }, ...(aws.length > 0 && { provider: { aws } }) };
  writeFileSync(join(copy, "plan_override.tf.json"), JSON.stringify(override));
}

/** Extracts the providers, such as `hashicorp/vault`, from an error of `terraform init`. */
export function missingProviders(text: string): string[] {
  const words = text.replace(/[│╷╵]/g, " ").replace(/\s+/g, " ");
  const sources = words.matchAll(
    /(?:list of available versions for provider|Error while installing) ([\w./-]+\/[\w-]+)(?: v\S+)?:/g,
  );
  return [...new Set([...sources].map(([, source]) => source))];
}

/** Folder that Terraform searches for a provider before it queries the registry. */
export const PROVIDER_FOLDER =
  "~/.terraform.d/plugins/registry.terraform.io/<namespace>/<name>/<version>/<os>_<arch>/";

/** Message about providers that Terraform cannot install. */
export function cannotInstall(missing: readonly string[]): string {
  return `Terraform cannot install ${missing.join(", ")} here; put the provider into ${PROVIDER_FOLDER} or name a mirror in your CLI configuration.`;
}

interface TerraformEvent {
  readonly type?: string;
  readonly "@level"?: string;
  readonly "@message"?: string;
  readonly changes?: { add: number; change: number; remove: number };
  readonly hook?: { action?: string };
  readonly diagnostic?: { detail?: string };
}

function parseEvent(line: string): TerraformEvent | undefined {
  try {
    return JSON.parse(line) as TerraformEvent;
  } catch {
    return undefined;
  }
}

function errorsIn(stdout: string): string[] {
  return stdout.split("\n").flatMap((line) => {
    const { "@level": level, "@message": message, diagnostic } = parseEvent(line) ?? {};
    return level === "error" ? [[message, diagnostic?.detail].filter(Boolean).join("\n")] : [];
  });
}

/** The last summary: apply prints one for the plan and one for the result. */
function changeSummary(stdout: string): TerraformEvent["changes"] {
  return stdout
    .split("\n")
    .map(parseEvent)
    .filter((event) => event?.type === "change_summary")
    .at(-1)?.changes;
}

function sum({ add, change, remove }: NonNullable<TerraformEvent["changes"]>): number {
  return add + change + remove;
}
