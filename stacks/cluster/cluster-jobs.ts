import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import type { Construct, IConstruct, IDependable } from "constructs";
import { BackupCronJob } from "../../constructs/jobs/backup-cron-job";
import { Bootstrap } from "../../constructs/jobs/bootstrap";
import { bootstrapNames } from "../../constructs/jobs/bootstrap-names";
import { DisasterRestore } from "../../constructs/jobs/disaster-restore";
import { RestoreDrill } from "../../constructs/jobs/restore-drill";
import { Rollout } from "../../constructs/jobs/rollout";
import type { PodOptions } from "../../constructs/core/pod-options";
import type { Seal } from "../../constructs/server/seal";
import type { VaultHaCluster } from "../../constructs/server/vault-ha-cluster";
import { Host } from "../../constructs/core/host";
import { suppressRule } from "../../hardening/suppression";
import { type PlatformNames, teamNamespaces } from "../../platform/names";
import type { Environment } from "../../platform/schema";
import { isStandby } from "../standby";

/** Properties of `addJobs`. */
export interface ClusterJobsProps {
  /** Environment of the cluster. */
  readonly environment: Environment;
  /** Names that follow from the environment. */
  readonly names: PlatformNames;
  /** Images, from the mirror registry if there is one. */
  readonly images: Environment["images"];
  /** Options of the jobs' pods. */
  readonly pods: PodOptions;
  /** Vault's servers. */
  readonly vault: VaultHaCluster;
  /** Auto-unseal method of the servers, which the restored copy of the drill uses as well. */
  readonly seal: Seal;
  /** Prerequisites of the jobs' pods, besides Vault: namespace, certificates, network policies. */
  readonly foundations: IDependable;
}

/**
 * Adds the jobs that operate Vault, in lifecycle order: bootstrap, backup, drill, restore, rollout. A recovery cluster
 * has no bootstrap: it gets the data of the original, and must not be initialised before.
 */
export function addJobs(scope: Construct, props: ClusterJobsProps): void {
  const { environment, names, images, pods, vault, foundations } = props;
  const { aws, backup, databases } = environment;
  const { replicas } = environment.vault;
  const shared = { ...pods, vault, images, region: aws.region };
  const standby = isStandby(environment);
  // A standby restores the copies of the original; an active environment restores its own snapshots.
  const source = (standby && names.recovered?.snapshotBucket) || names.snapshotBucket;

  const initialised = environment.recovers ? addTerraformIdentity(scope, props) : addBootstrap(scope, props);
  if (environment.recovers) suppressForRecovery(scope, standby);
  if (!standby) {
    const backupJob = new BackupCronJob(scope, "Backup", {
      ...shared,
      bucketName: names.snapshotBucket,
      roleArn: names.roleArn("backup"),
      schedule: backup.schedule,
    });
    backupJob.node.addDependency(vault, foundations);
  }
  const drill = new RestoreDrill(scope, "Drill", {
    ...shared,
    seal: props.seal,
    bucketName: source,
    roleArn: names.roleArn("drill"),
    canary: names.canary,
    mustNotReach: databases.map(({ host, port }) => `${Host.parse(host).inUrl}:${port}`),
  });
  const restore = new DisasterRestore(scope, "Restore", {
    ...shared,
    replicas,
    bucketName: source,
    roleArn: names.roleArn("restore"),
    canary: names.canary,
  });
  drill.node.addDependency(vault, foundations);
  restore.node.addDependency(vault, foundations);
  if (standby) return;
  const rollout = new Rollout(scope, "Rollout", {
    ...pods,
    vault,
    replicas,
    images,
    revision: vault.revision,
  });
  rollout.node.addDependency(initialised, vault, foundations);
}

function addBootstrap(scope: Construct, props: ClusterJobsProps): IConstruct {
  const { environment, names, images, pods, vault, foundations } = props;
  const { replicas, recoveryPgpKeys } = environment.vault;
  const bootstrap = new Bootstrap(scope, "Bootstrap", {
    ...pods,
    vault,
    replicas,
    images,
    roleArn: names.roleArn("bootstrap"),
    region: environment.aws.region,
    recoverySecrets: environment.aws.recoveryCustodians.map((_, index) => names.recoverySecret(index + 1)),
    pgpKeys: recoveryPgpKeys,
    namespacesBelow: teamNamespaces(environment),
  });
  bootstrap.node.addDependency(vault, foundations);
  const byNature =
    "Terraform writes policies, and so is as strong as root; denied secrets and the bootstrap's own";
  suppressRule(bootstrap, "policy-wildcard", byNature);
  suppressRule(bootstrap, "policy-sudo", byNature);
  return bootstrap.job;
}

/** ServiceAccount that may log in at the restored mount `auth/terraform`. Elsewhere, the bootstrap creates it. */
function addTerraformIdentity(scope: Construct, { vault, foundations }: ClusterJobsProps): IConstruct {
  const name = bootstrapNames.deployServiceAccount;
  const identity = new ServiceAccountV1(scope, "TerraformIdentity", {
    metadata: { name, namespace: vault.namespace, labels: { "app.kubernetes.io/name": name } },
    automountServiceAccountToken: false,
  });
  identity.node.addDependency(vault, foundations);
  return identity;
}

function suppressForRecovery(scope: Construct, standby: boolean): void {
  suppressRule(scope, "audit-devices", "the first device, which the bootstrap made, comes with the data");
  suppressRule(
    scope,
    "disaster-recovery",
    "it is the other region; the way back is to restore its snapshots there",
  );
  if (standby) {
    suppressRule(
      scope,
      "backup-schedule",
      "its servers are empty; what they would be given is saved elsewhere",
    );
  }
}
