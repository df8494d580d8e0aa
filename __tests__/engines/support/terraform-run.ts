import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TerraformStack, Testing } from "cdktf";
import { findMirroredProviders, ownCliConfig, renderCliConfig } from "../../../local/provider-mirrors";
import { cannotInstall, terraformEnvironment } from "../../../local/terraform";
import { missingPrograms, programPath } from "../../support/needs";

type Environment = Readonly<Record<string, string>>;

/** One stack with local state, applied by real Terraform. */
export class TerraformRun {
  /**
   * Checks for Terraform and the providers.
   * @returns the missing programs or providers and their source, undefined if nothing is missing
   */
  static missing(providers: Readonly<Record<string, string>> = { vault: "5.6.0" }): string | undefined {
    const program = missingPrograms("terraform");
    if (program) return program;
    const run = new TerraformRun();
    const wanted = Object.entries(providers);
    try {
      writeFileSync(
        join(run.folder, "main.tf.json"),
        JSON.stringify({
          terraform: {
            required_providers: Object.fromEntries(
              wanted.map(([name, version]) => [name, { source: `hashicorp/${name}`, version }]),
            ),
          },
        }),
      );
      const { status } = spawnSync(programPath("terraform"), ["init", "-input=false"], run.options());
      const names = wanted.map(([name, version]) => `hashicorp/${name} ${version}`);
      return status === 0 ? undefined : cannotInstall(names);
    } finally {
      run.remove();
    }
  }

  readonly folder = mkdtempSync(join(tmpdir(), "terraform-"));

  /** Synthesizes the stack and replaces the previous version; the state is kept. */
  async use(stack: TerraformStack): Promise<void> {
    const synthesized = Testing.fullSynth(stack);
    await this.take(join(synthesized, "stacks", stack.node.id));
    rmSync(synthesized, { recursive: true, force: true });
  }

  /** Replaces the stack with a synthesized folder. */
  async take(synthesized: string): Promise<void> {
    cpSync(synthesized, this.folder, { recursive: true });
    await this.succeed(["init", "-input=false", "-no-color"]);
  }

  /** Runs `terraform validate`. @throws Error with the diagnostics */
  async validate(): Promise<void> {
    await this.succeed(["validate", "-no-color"]);
  }

  /** Applies the stack. @throws Error with the diagnostics */
  async apply(env: Environment): Promise<void> {
    await this.succeed(["apply", "-input=false", "-auto-approve", "-no-color"], env);
  }

  /** Plans the stack. @returns the actions and addresses of the resources that would change */
  async plan(env: Environment): Promise<string[]> {
    await this.succeed(["plan", "-input=false", "-no-color", "-out=plan"], env);
    const plan = JSON.parse(await this.succeed(["show", "-json", "plan"]));
    return (plan.resource_changes ?? [])
      .filter((change: { change: { actions: string[] } }) => change.change.actions.join() !== "no-op")
      .map(
        (change: { address: string; change: { actions: string[] } }) =>
          `${change.change.actions} ${change.address}`,
      );
  }

  /** Plans the stack. @returns Terraform's numbers of resources to import, add, change and destroy */
  async count(env: Environment): Promise<string> {
    const text = await this.succeed(["plan", "-input=false", "-no-color"], env);
    return /^Plan: (.*)\.$/m.exec(text)?.[1] ?? /^No changes\./m.exec(text)?.[0] ?? text;
  }

  /** Contents of the state and of the plan. */
  async written(): Promise<string> {
    const plan = await this.succeed(["show", "-json", "plan"]);
    return readFileSync(join(this.folder, "terraform.tfstate"), "utf8") + plan;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs Terraform asynchronously, because servers that Vault contacts run in this process. */
  private async succeed(args: readonly string[], env: Environment = {}): Promise<string> {
    const child = spawn(programPath("terraform"), args, this.options(env));
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (text) => (stdout += text));
    child.stderr.on("data", (text) => (stderr += text));
    const code = await new Promise((resolve) => child.once("close", resolve));
    if (code !== 0) throw new Error(`terraform ${args[0]} failed: ${stderr}`);
    return stdout;
  }

  private options(env: Environment = {}) {
    const cliConfig = ownCliConfig(process.env) ?? this.writeCliConfig();
    const own = terraformEnvironment(process.env, { cliConfig, endpoint: "http://127.0.0.1:1" });
    return { cwd: this.folder, env: { ...own, ...env } };
  }

  private writeCliConfig(): string {
    const project = join(__dirname, "..", "..", "..");
    const providers = findMirroredProviders({ env: process.env, project, addOns: "/opt" });
    const path = join(this.folder, "cli.rc");
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(path, renderCliConfig(providers));
    return path;
  }
}
