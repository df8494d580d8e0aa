import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "cdktf";
import type { EnvironmentDefinition } from "../platform/schema";
import { local } from "../environments/local";
import { bootstrapVault } from "../local/bootstrap";
import { makeCertificates } from "../local/certificates";
import { down } from "../local/down";
import { awsIdentity, awsPrograms } from "../local/emulator";
import { type Programs, providePrograms, startBackends, startEmulator, startVault } from "../local/parts";
import type { ManagedProcess } from "../local/managed-process";
import { places } from "../local/places";
import { type Ports, emulatorUrl, environment, names, newPorts, vaultPorts } from "../local/platform";
import { findMirroredProviders, ownCliConfig, renderCliConfig } from "../local/provider-mirrors";
import { startSupervisor, untilWell } from "../local/supervision";
import { terraformEnvironment } from "../local/terraform";
import { platformVariables } from "../local/terraform-variables";
import { vaultParts } from "../local/vault-servers";
import { buildPlatform } from "../stacks";
import { Stack } from "./stack";
import { timed } from "./timed";

/** Prints one line of progress. */
export type Say = (text: string) => void;

const BASE = "base";

/** Separate local platform for the bench: real Vault, Kubernetes API and PostgreSQL, and an AWS emulator. */
export class Platform {
  /** Starts the platform, initialises Vault, and applies the config layer without services. */
  static async start(say: Say): Promise<Platform> {
    await down();
    const programs = await providePrograms(say);
    const ports = await newPorts();
    await makeCertificates();
    await startSupervisor();
    await startEmulator(ports, say);
    const platform = new Platform(programs, ports, say);
    await Promise.all([platform.makeAwsObjects(), startBackends(programs, ports, say)]);
    const servers = await startVault(programs, ports, say);
    await bootstrapVault(programs.vault, ports, () => undefined);
    await untilWell(servers);
    say("Vault is initialised; applying the config layer without services");
    const base = await platform.stack(
      platform.synthesize({ ...local, services: [] }, BASE),
      "local-config",
      BASE,
    );
    await base.init();
    await base.apply();
    return platform;
  }

  private constructor(
    readonly programs: Programs,
    readonly ports: Ports,
    readonly say: Say,
  ) {}

  /** Synthesizes a definition. @returns folder of the synthesized stacks */
  synthesize(definition: EnvironmentDefinition, name: string): string {
    const outdir = join(places.run, "out", name);
    mkdirSync(join(places.run, "out"), { recursive: true });
    const app = new App({ outdir });
    buildPlatform(app, [definition]);
    app.synth();
    return join(outdir, "stacks");
  }

  /**
   * A synthesized stack that is not initialised yet. Its state is in a bucket as in production.
   * @param key - of its state; a config stack starts with the state of the config layer without services
   */
  async stack(stacks: string, name: string, key: string, state: "s3" | "file" = "s3"): Promise<Stack> {
    const stack = new Stack(join(stacks, name), this.terraform, {
      bucket: STATE_BUCKET,
      key,
      region: REGION,
      state,
    });
    if (name === "local-config" && key !== BASE) {
      const file = state === "file" ? stack.stateFile : `s3://${STATE_BUCKET}/${key}`;
      await this.aws("s3", "cp", "--only-show-errors", `s3://${STATE_BUCKET}/${BASE}`, file);
    }
    return stack;
  }

  /** Runs the AWS command line on the emulator. @returns its output */
  async aws(...args: string[]): Promise<string> {
    const env = {
      ...awsIdentity,
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: emulatorUrl(this.ports),
      AWS_DEFAULT_REGION: REGION,
      AWS_PAGER: "",
    };
    return (await timed(join(awsPrograms, "aws"), args, { cwd: places.run, env })).stdout;
  }

  /** Vault's servers, as the supervisor runs them. */
  get servers(): ManagedProcess[] {
    return vaultParts({
      program: this.programs.vault,
      ports: vaultPorts(this.ports),
      emulator: emulatorUrl(this.ports),
      region: REGION,
      unsealKeyAlias: names.unsealKeyAlias,
    });
  }

  private get terraform(): NodeJS.ProcessEnv {
    const { ports } = this;
    const env = terraformEnvironment(process.env, {
      cliConfig: providerConfig(),
      endpoint: emulatorUrl(ports),
    });
    return { ...env, ...platformVariables(ports) };
  }

  /**
   * Creates the objects of the foundation stack that are used here. The emulator takes a minute for the whole stack.
   */
  private async makeAwsObjects(): Promise<void> {
    const { KeyMetadata } = JSON.parse(await this.aws("kms", "create-key"));
    const alias = names.unsealKeyAlias;
    await this.aws("kms", "create-alias", "--alias-name", alias, "--target-key-id", KeyMetadata.KeyId);
    for (const index of environment.aws.recoveryCustodians.keys()) {
      await this.aws("secretsmanager", "create-secret", "--name", names.recoverySecret(index + 1));
    }
    for (const bucket of [names.snapshotBucket, STATE_BUCKET]) await this.aws("s3", "mb", `s3://${bucket}`);
  }
}

const REGION = environment.aws.region;
const STATE_BUCKET = "bench-states";

/** Terraform's configuration: the user's own, or one that lists all mirrors on this machine. */
export function providerConfig(): string {
  const own = ownCliConfig(process.env);
  if (own) return own;
  mkdirSync(places.run, { recursive: true, mode: 0o711 });
  const path = join(places.run, "terraform.rc");
  const providers = findMirroredProviders({ env: process.env, project: places.root, addOns: "/opt" });
  writeFileSync(path, renderCliConfig(providers));
  return path;
}
