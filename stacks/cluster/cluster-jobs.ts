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
import { standsBy } from "../stands-by";

export interface ClusterJobsProps {
  readonly environment: Environment;
  readonly names: PlatformNames;
  readonly images: Environment["images"];
  readonly pods: PodOptions;
  readonly vault: VaultHaCluster;
  readonly seal: Seal;
  /** Prerequisites of pods beside Vault: namespace, certificates, network policies. */
  readonly foundations: IDependable;
}

/**
 * The jobs that look after Vault, in the order of a cluster's life: made, saved, tried, restored, renewed. A cluster that
 * recovers another one is never made: it gets the other's data, and nothing may initialise it before.
 */
export function addJobs(scope: Construct, props: ClusterJobsProps): void {
  const { environment, names, images, pods, vault, foundations } = props;
  const { aws, backup, databases } = environment;
  const { replicas } = environment.vault;
  const shared = { ...pods, vault, images, region: aws.region };
  const standby = standsBy(environment);
  // What stands by has nothing of its own to restore; what serves has.
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

/** Whom the restored mount `auth/terraform` lets in: a ServiceAccount of the bootstrap's name, without a bootstrap. */
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
