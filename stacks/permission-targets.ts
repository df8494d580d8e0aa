import { accountNames, platformNames } from "../environments/names";
import type { Environment } from "../environments/schema";
import { drSideOf } from "./dr-sides";

/** Key of the tag with the environment's name that the AWS provider puts on all it makes. */
export const ENVIRONMENT_TAG = "vault-platform:environment";

/** ARNs of what one environment's identities reach. */
export function permissionTargets(environment: Environment) {
  const { account, region, stateRegion } = environment.aws;
  const { clusterName } = environment.kubernetes;
  const names = platformNames(environment);
  const shared = accountNames(account, stateRegion);
  const buckets = [
    names.snapshotBucket,
    names.accessLogBucket,
    names.snapshotReplicaBucket,
    names.replicaAccessLogBucket,
  ].filter((bucket) => bucket !== undefined);
  const dr = drSideOf(environment);
  const handover = dr?.location;
  const keyAliases = [
    // Who recovers another environment uses its key and its custodians' shares, and changes neither.
    ...(environment.recovers ? [] : [names.unsealKeyAlias]),
    names.snapshotKeyAlias,
    ...(environment.recovers ? [] : [names.recoveryKeyAlias]),
    ...(dr?.side === "secondary" ? [dr.location.keyAlias] : []),
  ];
  return {
    /** AWS gives a key its identifier when it makes it, so no pattern tells the environment's keys from others. */
    anyKey: `arn:aws:kms:*:${account}:key/*`,
    /** What does: conditions on the aliases of a key. */
    keyAliases,
    aliases: keyAliases.map((alias) => `arn:aws:kms:*:${account}:${alias}`),
    replicationRole: names.roleArn("replication"),
    buckets: buckets.map((bucket) => `arn:aws:s3:::${bucket}`),
    /** Copies that it restores, which are another environment's. @default - none */
    recoveredBucket: names.recovered && `arn:aws:s3:::${names.recovered.snapshotBucket}`,
    roles: `arn:aws:iam::${account}:role/${names.rolePrefix}*`,
    boundary: names.boundaryArn,
    secrets: `arn:aws:secretsmanager:${region}:${account}:secret:${environment.name}/vault/*`,
    /** Of DR replication, which may be another account's. @default - none */
    handover: handover && {
      secrets: `arn:aws:secretsmanager:${handover.region}:${handover.account}:secret:${handover.publicKeySecret.replace(/[^/]+$/, "dr-*")}`,
      keys: `arn:aws:kms:${handover.region}:${handover.account}:key/*`,
    },
    cluster: `arn:aws:eks:${region}:${account}:cluster/${clusterName}`,
    accessEntries: `arn:aws:eks:${region}:${account}:access-entry/${clusterName}/*`,
    state: {
      bucket: `arn:aws:s3:::${shared.stateBucket}`,
      objects: `arn:aws:s3:::${shared.stateBucket}/${environment.name}-*`,
      keys: `arn:aws:kms:${stateRegion}:${account}:key/*`,
      keyAlias: shared.stateKeyAlias,
    },
  };
}
