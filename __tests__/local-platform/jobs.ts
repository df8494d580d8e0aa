import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { caFile } from "../../local/certificates";
import { awsIdentity, awsPrograms } from "../../local/emulator";
import { places } from "../../local/places";
import { emulatorUrl, environment, names } from "../../local/platform";
import { run as runProgram } from "../../cli/processes";
import { findProgram } from "../support/needs";
import { imageShell } from "../support/shells";
import { type Resources, resourcesOf } from "./layers";
import { part, ports, serversThatSay, serviceAccountToken } from "./support";

/** Folder of the jobs' scripts. */
export const scripts = join(places.root, "constructs", "jobs", "scripts");

type Variables = Readonly<Record<string, string>>;

/** Result of a job. */
export interface JobRun {
  /** Exit code of the failed step, or 0. */
  readonly code: number;
  readonly output: string;
}

interface Container {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
}

interface Pod {
  readonly init_container?: readonly Container[];
  readonly container: readonly Container[];
  readonly service_account_name: string;
  readonly volume: readonly { readonly name: string; readonly config_map?: { readonly name: string } }[];
}

interface Manifest {
  readonly metadata: { readonly name: string };
  readonly spec: JobSpec & { readonly job_template?: { readonly spec: JobSpec } };
}

interface JobSpec {
  readonly template: { readonly spec: Pod };
}

/** PATH with the programs of the jobs' images. */
export async function programsPath(): Promise<string> {
  const { program } = await part("vault-0");
  return [dirname(program), awsPrograms, process.env.PATH].join(delimiter);
}

/** AWS environment variables for the emulator. Vault's KMS client requires AWS_KMS_ENDPOINT. */
export const awsEnvironment = {
  ...awsIdentity,
  AWS_ENDPOINT_URL: emulatorUrl(ports),
  AWS_KMS_ENDPOINT: emulatorUrl(ports),
  AWS_DEFAULT_REGION: environment.aws.region,
  AWS_PAGER: "",
};

/**
 * Runs the aws command.
 * @returns its stdout
 * @throws Error with its stderr if it fails
 */
export async function aws(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram(join(awsPrograms, "aws"), args, {
    env: { ...awsEnvironment, PATH: process.env.PATH },
  });
  if (code !== 0) throw new Error(`aws ${args.join(" ")}: ${stderr.trim()}`);
  return stdout.trim();
}

/** URL of the active server. */
export async function activeServer(): Promise<string> {
  const [name] = await serversThatSay("active");
  return (await part(name)).address;
}

/**
 * Job of the cluster stack, run on this machine with the scripts, steps and variables of its synthesized manifest. Only
 * locations differ: folders, addresses, and the token that a kubelet would mount.
 */
export class Job {
  /**
   * Prepares a job.
   * @param name the job's name, without its hash
   * @param stack resources of another cluster stack; default: that of the platform
   */
  static async prepare(name: string, stack: Resources = resourcesOf("cluster")): Promise<Job> {
    const all: Manifest[] = Object.values({ ...stack.kubernetes_cron_job_v1, ...stack.kubernetes_job_v1 });
    // Names of one-time jobs end with a hash of their inputs.
    const isIt = ({ metadata }: Manifest) => metadata.name.replace(/-[0-9a-f]{8}$/, "") === name;
    const { spec } = all.find(isIt)!;
    const pod: Pod = (spec.job_template?.spec ?? spec).template.spec;
    const referred = (reference: string, type: string) =>
      stack[type][/\.([\w-]+)\.metadata/.exec(reference)![1]];
    const account = referred(pod.service_account_name, "kubernetes_service_account_v1").metadata.name;
    const files = pod.volume.find((volume) => volume.name === "scripts")!.config_map!.name;
    const job = new Job(
      [...(pod.init_container ?? []), ...pod.container],
      await serviceAccountToken(names.namespace, account),
    );
    for (const [file, text] of Object.entries<string>(referred(files, "kubernetes_config_map_v1").data)) {
      // Terraform unescapes templates in this way.
      writeFileSync(join(job.path("scripts"), file), text.replaceAll("$${", "${").replaceAll("%%{", "%{"));
    }
    return job;
  }

  private readonly folder = mkdtempSync(join(tmpdir(), "job-"));

  private constructor(
    private readonly containers: readonly Container[],
    /** Token of the job's ServiceAccount. */
    readonly token: string,
  ) {
    for (const name of ["bin", "scripts", "work", "tmp", "snapshot", "data", "tools"])
      mkdirSync(this.path(name));
    writeFileSync(this.path("token"), token, { mode: 0o600 });
    // The images contain `nc` as a separate command; `timeout` cannot run shell builtins.
    const busybox = findProgram("busybox");
    if (busybox) symlinkSync(busybox, this.path("bin", "nc"));
  }

  /** Path of a file or folder in the pod. */
  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  /** Names of the steps, in order. */
  get steps(): string[] {
    return this.containers.map(({ name }) => name);
  }

  /** Environment variables of a step in the manifest. */
  variables(step: string): Variables {
    const { env } = this.containers.find(({ name }) => name === step)!;
    return Object.fromEntries(env.map(({ name, value }) => [name, value]));
  }

  /** Runs the steps in order and stops at the first failure. */
  async run(changed: Variables = {}): Promise<JobRun> {
    let output = "";
    for (const step of this.steps) {
      const done = await this.runStep(step, changed);
      output += done.output;
      if (done.code !== 0) return { code: done.code, output };
    }
    return { code: 0, output };
  }

  /** Runs one step. `changed` overrides its environment variables. */
  async runStep(step: string, changed: Variables = {}): Promise<JobRun> {
    const { command } = this.containers.find(({ name }) => name === step)!;
    const told = this.variables(step);
    const env = {
      ...told,
      ...awsEnvironment,
      PATH: [this.path("bin"), await programsPath()].join(delimiter),
      HOME: this.path("tmp"),
      WORK_DIR: this.path("work"),
      SNAPSHOT_DIR: this.path("snapshot"),
      DATA_DIR: this.path("data"),
      TOOLS_DIR: this.path("tools"),
      SERVICE_ACCOUNT_TOKEN: this.path("token"),
      POLL_SECONDS: "1",
      ...(told.VAULT_ADDR && {
        VAULT_ADDR: changed.VAULT_ADDR ?? (await activeServer()),
        VAULT_CACERT: caFile,
      }),
      ...changed,
    };
    const [program, ...args] = [...imageShell, join(this.path("scripts"), basename(command[1]))];
    const { code, stdout, stderr } = await runProgram(program, args, { env, endWhole: true });
    return { code, output: stdout + stderr };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
