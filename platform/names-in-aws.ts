import { NameRule } from "../constructs/core/name-rule";
import type { DerivedName, NameSource } from "./derived-names";
import { accountNames, drNames, platformNames } from "./names";
import type { Environment } from "./schema";
import { stateRegionOf } from "./schema-aws";

const path = ["name"];

const roles: NameSource = ({ name, aws }) => {
  const names = platformNames({ name, aws });
  return [
    ...Object.entries(names.roles).flatMap(([of, role]) =>
      roleNames(role, `the IAM role ${of}`, aws.account),
    ),
    { rule: NameRule.IAM_POLICY, name: names.boundary, of: "the permissions boundary", path },
  ].map((it) => ({ ...it, path }));
};

/** Names of an IAM role and of its policy. */
export function roleNames(name: string, of: string, account: string): Omit<DerivedName, "path">[] {
  return [
    { rule: NameRule.IAM_ROLE, name, of, within: `IAM of account ${account}` },
    { rule: NameRule.IAM_POLICY, name, of: `the policy of ${of}` },
  ];
}

function bucket(of: string, name: string): DerivedName {
  return { rule: NameRule.S3_BUCKET, name, of, path, within: "S3" };
}

const buckets: readonly NameSource[] = [
  ({ name, aws }) => {
    const { snapshotBucket, accessLogBucket } = platformNames({ name, aws });
    return [
      bucket("the bucket of snapshots", snapshotBucket),
      bucket("the bucket of their access log", accessLogBucket),
    ];
  },
  ({ name, aws }) => {
    const { snapshotReplicaBucket, replicaAccessLogBucket } = platformNames({ name, aws });
    if (!snapshotReplicaBucket || !replicaAccessLogBucket) return [];
    return [
      bucket("the bucket of the snapshots' copies", snapshotReplicaBucket),
      bucket("the bucket of the copies' access log", replicaAccessLogBucket),
    ];
  },
  ({ aws, state }) => {
    if (state === "local") return [];
    const { stateBucket, stateAccessLogBucket } = accountNames(aws.account, stateRegionOf(aws));
    return [
      bucket("the bucket of Terraform's state", stateBucket),
      bucket("the bucket of the state's access log", stateAccessLogBucket),
    ].map((it) => ({ ...it, path: ["aws", "stateRegion"], isShared: true }));
  },
];

function alias(of: string, name: string, aws: Pick<Environment["aws"], "account" | "region">): DerivedName {
  const within = `account ${aws.account}, ${aws.region}`;
  return { rule: NameRule.KMS_ALIAS, name, of, path, within };
}

/** Sources of the key aliases in a region. A recovery environment uses the original's unseal key and recovery keys. */
function aliasesIn(regionOf: (aws: Environment["aws"]) => string | undefined): NameSource[] {
  return [
    ({ name, aws, recovers }) => {
      const region = regionOf(aws);
      if (region === undefined) return [];
      const { snapshotKeyAlias, recoveryKeyAlias } = platformNames({ name, aws });
      const place = { account: aws.account, region };
      return [
        alias("the key of snapshots", snapshotKeyAlias, place),
        ...(recovers ? [] : [alias("the key of recovery keys", recoveryKeyAlias, place)]),
      ];
    },
    ({ aws, recovers }) => {
      const region = regionOf(aws);
      if (region === undefined || recovers) return [];
      const place = { account: aws.account, region };
      return [{ ...alias("the unseal key", aws.unsealKeyAlias, place), path: ["aws", "unsealKeyAlias"] }];
    },
  ];
}

const keys: readonly NameSource[] = [
  ({ aws, state }) => {
    if (state === "local") return [];
    const place = { account: aws.account, region: stateRegionOf(aws) };
    const { stateKeyAlias } = accountNames(place.account, place.region);
    const key = alias("the key of Terraform's state", stateKeyAlias, place);
    return [{ ...key, path: ["aws", "stateRegion"], isShared: true }];
  },
  ...aliasesIn(({ region }) => region),
  ...aliasesIn(({ replica }) => replica?.region),
];

const secrets: NameSource = ({ name, aws, recovers }) => {
  if (recovers) return [];
  const { recoverySecret } = platformNames({ name, aws });
  return aws.recoveryCustodians.map((_, index) =>
    secret(`recovery key ${index + 1}`, recoverySecret(index + 1), aws),
  );
};

function secret(of: string, name: string, aws: Environment["aws"]): DerivedName {
  const within = `Secrets Manager of account ${aws.account}, ${aws.region}`;
  return { rule: NameRule.SECRETS_MANAGER, name, of, path, within };
}

const replication: NameSource = ({ name, aws, vault: { enterprise } }) => {
  if (enterprise?.dr?.side !== "secondary") return [];
  const { keyAlias, publicKeySecret, tokenSecret } = drNames(name);
  return [
    alias("the key of DR replication", keyAlias, aws),
    secret("the public key of DR replication", publicKeySecret, aws),
    secret("the token of DR replication", tokenSecret, aws),
  ];
};

/** Sources of an environment's names in AWS, in each region that it writes to. */
export const namesInAws: readonly NameSource[] = [roles, ...buckets, ...keys, secrets, replication];
