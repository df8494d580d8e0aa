import { arnOf } from "../../constructs/aws/arn";
import { bucketArn } from "../../constructs/aws/policy-document";
import { partitionOf } from "../../constructs/aws/region";
import { accountNames, platformNames } from "../../platform/names";
import type { Environment } from "../../platform/schema";
import { drSideOf } from "../dr-sides";

/** Key of the tag with the environment's name, which the AWS provider sets on all resources. */
export const ENVIRONMENT_TAG = "vault-platform:environment";

/** ARNs of the resources that the identities of one environment can access. */
export function permissionTargets(environment: Environment) {
  const { account, region, stateRegion } = environment.aws;
  const { clusterName } = environment.kubernetes;
  const partition = partitionOf(region);
  const arn = (service: string, resource: string, place: { region?: string; account?: string } = {}) =>
    arnOf({ partition, service, region, account, ...place, resource });
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
    // A recovery environment uses the original's unseal key and recovery shares, and changes neither.
    ...(environment.recovers ? [] : [names.unsealKeyAlias]),
    names.snapshotKeyAlias,
    ...(environment.recovers ? [] : [names.recoveryKeyAlias]),
    ...(dr?.side === "secondary" ? [dr.location.keyAlias] : []),
  ];
  return {
    /** All keys. AWS chooses the identifiers of keys, so no ARN pattern matches only the environment's keys. */
    anyKey: arn("kms", "key/*", { region: "*" }),
    /** Aliases of the environment's keys, for conditions that match only these keys. */
    keyAliases,
    aliases: keyAliases.map((alias) => arn("kms", alias, { region: "*" })),
    replicationRole: names.roleArn("replication"),
    buckets: buckets.map((bucket) => bucketArn(partition, bucket)),
    /** Bucket with the copies that a recovery environment restores. @default - none: it recovers no other */
    recoveredBucket: names.recovered && bucketArn(partition, names.recovered.snapshotBucket),
    roles: arn("iam", `role/${names.rolePrefix}*`, { region: "" }),
    boundary: names.boundaryArn,
    secrets: arn("secretsmanager", `secret:${environment.name}/vault/*`),
    /** Secrets and keys of the DR hand-over, which may be in another account. @default - none: no DR replication */
    handover: handover && {
      secrets: arn("secretsmanager", `secret:${handover.publicKeySecret.replace(/[^/]+$/, "dr-*")}`, {
        region: handover.region,
        account: handover.account,
      }),
      keys: arn("kms", "key/*", { region: handover.region, account: handover.account }),
    },
    cluster: arn("eks", `cluster/${clusterName}`),
    accessEntries: arn("eks", `access-entry/${clusterName}/*`),
    state: {
      bucket: bucketArn(partition, shared.stateBucket),
      objects: bucketArn(partition, `${shared.stateBucket}/${environment.name}-*`),
      keys: arn("kms", "key/*", { region: stateRegion }),
      keyAlias: shared.stateKeyAlias,
    },
  };
}
