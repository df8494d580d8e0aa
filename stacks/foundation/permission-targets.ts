import { arnOf } from "../../constructs/aws/arn";
import { bucketArn } from "../../constructs/aws/policy-document";
import { partitionOf } from "../../constructs/aws/region";
import { accountNames, platformNames } from "../../platform/names";
import type { Environment } from "../../platform/schema";
import { drSideOf } from "../dr-sides";

/** Key of the tag with the environment's name that the AWS provider puts on all it makes. */
export const ENVIRONMENT_TAG = "vault-platform:environment";

/** ARNs of what one environment's identities reach. */
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
    // Who recovers another environment uses its key and its custodians' shares, and changes neither.
    ...(environment.recovers ? [] : [names.unsealKeyAlias]),
    names.snapshotKeyAlias,
    ...(environment.recovers ? [] : [names.recoveryKeyAlias]),
    ...(dr?.side === "secondary" ? [dr.location.keyAlias] : []),
  ];
  return {
    /** AWS gives a key its identifier when it makes it, so no pattern tells the environment's keys from others. */
    anyKey: arn("kms", "key/*", { region: "*" }),
    /** What does: conditions on the aliases of a key. */
    keyAliases,
    aliases: keyAliases.map((alias) => arn("kms", alias, { region: "*" })),
    replicationRole: names.roleArn("replication"),
    buckets: buckets.map((bucket) => bucketArn(partition, bucket)),
    /** Copies that it restores, which are another environment's. @default - none */
    recoveredBucket: names.recovered && bucketArn(partition, names.recovered.snapshotBucket),
    roles: arn("iam", `role/${names.rolePrefix}*`, { region: "" }),
    boundary: names.boundaryArn,
    secrets: arn("secretsmanager", `secret:${environment.name}/vault/*`),
    /** Of DR replication, which may be another account's. @default - none */
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
