import { copyFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, type TerraformStack, Testing } from "cdktf";
import { local } from "../../environments/local";
import { loadEnvironments } from "../../platform/load";
import { type PlatformNames, platformNames } from "../../platform/names";
import { recoveryOf } from "../../platform/recovery";
import { places } from "../../local/places";
import { emulatorUrl, names } from "../../local/platform";
import { type Outcome, run } from "../../cli/processes";
import { ownCliConfig } from "../../local/provider-mirrors";
import { copyForPlan, terraformEnvironment } from "../../local/terraform";
import { platformVariables } from "../../local/terraform-variables";
import { buildPlatform } from "../../stacks";
import { ClusterStack } from "../../stacks/cluster/cluster-stack";
import { Job, type JobRun, aws } from "./jobs";
import { OwnVault } from "./own-vault";
import { RegionGate } from "../support/servers/region-gate";
import { ports } from "./support";
import { stateFile } from "./terraform";

/** Region of the standby. */
export const REGION = "us-west-2";

/** Local environment, extended to survive the loss of its region. */
const original = {
  ...local,
  aws: { ...local.aws, replica: { region: REGION } },
  backup: { ...local.backup, replicate: true },
};

/** Standby of the original. Both use the same API server, because there is only one. */
const standbyOf = (isActive: boolean) =>
  recoveryOf(original, {
    name: "standby",
    kubernetes: {
      clusterName: "standby",
      oidcProvider: "oidc.standby.example.com",
      apiServer: "https://127.0.0.1:16444",
      zones: [`${REGION}a`],
    },
    network: local.network,
    isActive,
  });

function configuration(): TerraformStack {
  const app = Testing.app() as App;
  buildPlatform(app, [original, standbyOf(true)]);
  return app.node.findChild("standby-config") as TerraformStack;
}

/** Cluster layer of the standby. No deployed stack contains it, because its servers run as processes here. */
function clusterLayer(isActive: boolean): TerraformStack {
  const [, environment] = loadEnvironments([original, standbyOf(isActive)]);
  return new ClusterStack(Testing.app() as App, environment);
}

/** Second region, with the standby's servers and the data that AWS copies there. */
export class RecoveryRegion {
  /** Creates the key, the buckets, the gate and the servers of the region. */
  static async prepare(): Promise<RecoveryRegion> {
    const [originalNames, own] = loadEnvironments([original, standbyOf(false)]).map(platformNames);
    await replicateKey();
    for (const bucket of [originalNames.snapshotReplicaBucket!, own.snapshotBucket]) {
      await aws("s3", "mb", `s3://${bucket}`, "--region", REGION);
    }
    const gate = await RegionGate.start(emulatorUrl(ports), REGION, names.snapshotBucket);
    const vault = await OwnVault.start({
      replicas: 3,
      keyId: own.unsealKeyAlias,
      region: REGION,
      endpoint: gate.url,
    });
    return new RecoveryRegion(gate, vault, originalNames, own);
  }

  private constructor(
    readonly gate: RegionGate,
    readonly vault: OwnVault,
    private readonly original: PlatformNames,
    private readonly own: PlatformNames,
  ) {}

  /**
   * Copies the names, contents and metadata of all snapshots, as S3 replication does. The emulator does not replicate.
   */
  async replicateSnapshots(): Promise<void> {
    await aws(
      "s3",
      "sync",
      `s3://${this.original.snapshotBucket}`,
      `s3://${this.original.snapshotReplicaBucket}`,
    );
  }

  /** Runs a job of the standby, before or after its activation, like its pod in the region. */
  async run(name: string, isActive = false): Promise<JobRun> {
    const { resource } = clusterLayer(isActive).toTerraform() as { resource: object };
    const job = await Job.prepare(name, resource);
    try {
      return await job.run({
        VAULT_ADDR: this.vault.addresses[0],
        VAULT_SERVERS: this.vault.addresses.join(" "),
        AWS_ENDPOINT_URL: this.gate.url,
        AWS_DEFAULT_REGION: job.variables(job.steps[0]).AWS_REGION,
        TIMEOUT_SECONDS: "150",
      });
    } finally {
      job.remove();
    }
  }

  /** Plans changes of the restored configuration, with a copy of the original's state. */
  async planConfiguration(): Promise<Outcome> {
    const folder = mkdtempSync(join(tmpdir(), "standby-"));
    try {
      const config = configuration();
      copyForPlan(join(Testing.fullSynth(config), "stacks", config.node.id), folder);
      copyFileSync(stateFile("local-config"), join(folder, "terraform.tfstate"));
      cpSync(
        join(places.out, "stacks", "local-config", ".terraform.lock.hcl"),
        join(folder, ".terraform.lock.hcl"),
      );
      const cliConfig = ownCliConfig(process.env) ?? join(places.run, "terraform.rc");
      const env = {
        ...terraformEnvironment(process.env, { cliConfig, endpoint: this.gate.url }),
        ...platformVariables(ports),
        TF_VAR_vault_address: this.vault.addresses[0],
      };
      const terraform = (...args: string[]) => run("terraform", args, { cwd: folder, env });
      const initialised = await terraform("init", "-input=false", "-no-color");
      if (initialised.code !== 0) return initialised;
      return await terraform("plan", "-detailed-exitcode", "-input=false", "-lock=false", "-no-color");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Copies the region's latest snapshot to the bucket from which the first region restores. */
  async bringBackLatest(): Promise<void> {
    const listed = await aws(
      "s3",
      "ls",
      "--recursive",
      `s3://${this.own.snapshotBucket}/`,
      "--region",
      REGION,
    );
    const key = listed.split("\n").at(-1)!.split(/\s+/)[3];
    const object = ["--bucket", this.own.snapshotBucket, "--key", key, "--region", REGION];
    const metadata = await aws("s3api", "head-object", ...object, "--query", "Metadata", "--output", "json");
    const folder = mkdtempSync(join(tmpdir(), "brought-back-"));
    const file = join(folder, "vault.snap");
    await aws("s3", "cp", `s3://${this.own.snapshotBucket}/${key}`, file, "--region", REGION);
    // Uploads instead of copying: a bucket with retention requires a checksum, which a copy does not send.
    await aws("s3", "cp", file, `s3://${names.snapshotBucket}/${key}`, "--metadata", metadata);
    rmSync(folder, { recursive: true });
  }

  /** Stops the servers and deletes the buckets. The key remains. */
  async remove(): Promise<void> {
    await this.vault.stop();
    this.gate.stop();
    for (const bucket of [this.original.snapshotReplicaBucket, this.own.snapshotBucket]) {
      await aws("s3", "rb", "--force", `s3://${bucket}`, "--region", REGION);
    }
  }
}

/**
 * Replicates the unseal key to the other region, like `aws_kms_replica_key`. The platform's key is a single-region key,
 * which AWS would refuse to replicate. The emulator replicates it, then fails on an attribute that such a key lacks.
 * The replica shares its aliases with the original. They are not deleted, as this would delete the original's.
 */
async function replicateKey(): Promise<void> {
  const described = await aws("kms", "describe-key", "--key-id", names.unsealKeyAlias);
  const { KeyId: key } = JSON.parse(described).KeyMetadata;
  await aws("kms", "replicate-key", "--key-id", key, "--replica-region", REGION).catch((error: Error) => {
    if (!error.message.includes("(500)")) throw error;
  });
  await aws("kms", "describe-key", "--key-id", names.unsealKeyAlias, "--region", REGION);
}
