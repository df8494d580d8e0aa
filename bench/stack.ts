import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { missingProviders } from "../local/terraform";
import { type Timed, timed } from "./timed";

interface StateProps {
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
  readonly state: "s3" | "file";
}

/** Numbers of changes in a plan. */
export interface Changes {
  readonly add: number;
  readonly change: number;
}

/** A synthesized stack with a timed Terraform. */
export class Stack {
  /** Path of the state, unless it is in a bucket. */
  readonly stateFile: string;
  private readonly planFile: string;

  constructor(
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
    { bucket, key, region, state }: StateProps,
  ) {
    this.stateFile = join(folder, "state", `${key}.tfstate`);
    this.planFile = join(folder, "plan");
    mkdirSync(dirname(this.stateFile), { recursive: true });
    const emulated = {
      use_path_style: true,
      skip_credentials_validation: true,
      skip_requesting_account_id: true,
      skip_metadata_api_check: true,
      skip_region_validation: true,
    };
    const backend =
      state === "s3"
        ? { s3: { bucket, key, region, use_lockfile: true, ...emulated } }
        : { local: { path: this.stateFile } };
    writeFileSync(join(folder, "bench_override.tf.json"), JSON.stringify({ terraform: { backend } }));
  }

  /** Initialises the stack. @throws MissingProviders when Terraform cannot install all of them here */
  async init(): Promise<Timed> {
    try {
      return await this.run("init");
    } catch (error) {
      const missing = missingProviders((error as Error).message);
      throw missing.length > 0 ? new MissingProviders(missing) : error;
    }
  }

  /** Validates the stack. */
  async validate(): Promise<Timed> {
    return this.run("validate");
  }

  /** Plans the stack. @throws Error when the plan is not the expected one: its time would not be the wanted figure */
  async plan(expected: Changes, ...flags: string[]): Promise<Timed> {
    const result = await this.run("plan", `-out=${this.planFile}`, ...flags);
    const found = changesOf(result.stdout);
    if (found.add !== expected.add || found.change !== expected.change) {
      throw new Error(
        `the plan in ${this.folder} is not what is to be measured:\n${result.stdout.slice(-2000)}`,
      );
    }
    return result;
  }

  /** Applies the last plan. */
  async applyPlan(...flags: string[]): Promise<Timed> {
    return this.run("apply", ...flags, this.planFile);
  }

  /** Plans and applies the stack. */
  async apply(): Promise<Timed> {
    return this.run("apply", "-auto-approve");
  }

  private run(command: string, ...args: string[]): Promise<Timed> {
    const common = command === "validate" ? ["-no-color"] : ["-no-color", "-input=false"];
    return timed("terraform", [command, ...common, ...args], { cwd: this.folder, env: this.env });
  }
}

/** Error about providers that Terraform cannot install here. */
export class MissingProviders extends Error {
  constructor(readonly providers: readonly string[]) {
    super(`Terraform cannot install ${providers.join(", ")} here`);
  }
}

/** Reads the numbers of changes. @param text - output of terraform plan */
export function changesOf(text: string): Changes {
  const found = /Plan: (\d+) to add, (\d+) to change, 0 to destroy/.exec(text);
  if (found) return { add: Number(found[1]), change: Number(found[2]) };
  if (text.includes("No changes.")) return { add: 0, change: 0 };
  return { add: -1, change: -1 };
}
