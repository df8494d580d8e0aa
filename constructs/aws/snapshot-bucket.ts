import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration";
import { S3BucketReplicationConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-replication-configuration";
import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { suppressCheckov } from "../core/checkov";
import { Duration } from "../core/duration";
import { checkProps, object, text } from "../core/field";
import { duration, provider } from "../core/fields";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { EncryptionKey } from "./encryption-key";
import { partitionFields } from "./fields";
import { type PartitionProps, partitionAt } from "./partition";
import { type PolicyStatement, EVERYONE, bucketArn, policyJson } from "./policy-document";
import { PrivateBucket, accessLogBucket } from "./private-bucket";

/** Properties of the copies of snapshots in another region. */
export interface SnapshotReplicationProps {
  /** Provider of the region that holds the copies. */
  readonly provider: TerraformProvider;
  /** Name of the bucket for the copies. */
  readonly bucketName: string;
  /**
   * Name of the bucket for the access log of the copies. It is also created: S3 writes a log only within one region.
   */
  readonly accessLogBucketName: string;
  /** Name of the IAM role with which S3 copies. */
  readonly roleName: string;
}

/** Properties of `SnapshotBucket`. */
export interface SnapshotBucketProps extends Pick<PartitionProps, "partition"> {
  /** AWS account number, 12 digits. */
  readonly account: string;
  /** Name of the bucket. */
  readonly bucketName: string;
  /** Name of the bucket for the access log, which is also created. */
  readonly accessLogBucketName: string;
  /** Alias of the key that encrypts only snapshots. */
  readonly keyAlias: string;
  /** Time for which a snapshot is kept and cannot be deleted, in whole days. @default - 30 days */
  readonly retention?: Duration;
  /** Copies in another region. @default - none */
  readonly replication?: SnapshotReplicationProps;
}

const PROPS = object<SnapshotBucketProps>(() => ({
  partition: partitionFields.partition,
  account: text,
  bucketName: text,
  accessLogBucketName: text,
  keyAlias: text,
  retention: duration.optional(),
  replication: object<SnapshotReplicationProps>(() => ({
    provider,
    bucketName: text,
    accessLogBucketName: text,
    roleName: text,
  })).optional(),
}));

/**
 * S3 bucket for Raft snapshots. It is versioned, and locked against deletion for as long as snapshots are kept. It is
 * encrypted with a key that is not the unseal key, so that read access to snapshots is not enough to unseal them.
 * @see https://developer.hashicorp.com/vault/docs/commands/operator/raft#snapshot
 * @throws ValidationError if the retention is not whole days or two buckets would have the same name
 */
export class SnapshotBucket extends LibraryConstruct {
  /** Key that encrypts the snapshots. */
  readonly encryptionKey: EncryptionKey;
  /** Bucket that contains the snapshots. */
  readonly privateBucket: PrivateBucket;
  private readonly retention: Duration;

  constructor(scope: Construct, id: string, props: SnapshotBucketProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { account, bucketName, partition } = props;
    this.retention = props.retention ?? Duration.days(30);
    if (this.retention.toSeconds() < 86400 || this.retention.toSeconds() % 86400 !== 0) {
      throw new ValidationError(
        this,
        `retention must be whole days, one at least, got ${received(this.retention)}`,
      );
    }
    const bucketNames = [bucketName, props.accessLogBucketName];
    if (props.replication)
      bucketNames.push(props.replication.bucketName, props.replication.accessLogBucketName);
    const literal = bucketNames.filter((name) => isLiteral(name));
    const twice = literal.find((name, index) => literal.indexOf(name) < index);
    if (twice !== undefined) {
      throw new ValidationError(
        this,
        `names of buckets, access logs and copies must all differ, got ${received(twice)} twice`,
      );
    }
    this.encryptionKey = new EncryptionKey(this, "Key", {
      account,
      partition,
      alias: props.keyAlias,
      description: "Encrypts Vault snapshots",
    });
    const accessLog = accessLogBucket(this, "AccessLog", {
      account,
      partition,
      bucketName: props.accessLogBucketName,
      sourceBucket: bucketName,
    });
    this.privateBucket = new PrivateBucket(this, "Bucket", {
      bucketName,
      keyArn: this.encryptionKey.arn,
      objectLock: true,
      expiry: this.retention,
      keepOldVersions: Duration.days(1),
      accessLog,
      statements: (arn) => denyOtherEncryption(arn, this.encryptionKey.arn),
    });
    this.node.defaultChild = this.privateBucket.bucket;
    this.lock("Lock", this.privateBucket);
    if (props.replication) this.replicate(props, props.replication);
    else suppressCheckov(this.privateBucket.bucket, "CKV_AWS_144", "no second region was given");
  }

  /** ARN of the bucket. */
  get arn(): string {
    return this.privateBucket.arn;
  }

  private lock(id: string, target: PrivateBucket, provider?: TerraformProvider): void {
    new S3BucketObjectLockConfigurationA(this, id, {
      bucket: target.bucket.id,
      provider,
      rule: { defaultRetention: { mode: "COMPLIANCE", days: this.retention.toSeconds() / 86400 } },
      dependsOn: [target.versioning],
    });
  }

  private replicate(
    { account, bucketName, keyAlias, ...own }: SnapshotBucketProps,
    props: SnapshotReplicationProps,
  ): void {
    const { provider } = props;
    // One partition for both regions: S3 copies nothing to another partition.
    const partition = partitionAt(this, own);
    const key = new EncryptionKey(this, "ReplicaKey", {
      account,
      partition,
      alias: keyAlias,
      description: "Encrypts the copies of Vault snapshots",
      provider,
    });
    const accessLog = accessLogBucket(this, "ReplicaAccessLog", {
      account,
      partition,
      bucketName: props.accessLogBucketName,
      sourceBucket: props.bucketName,
      provider,
    });
    const copies = new PrivateBucket(this, "ReplicaBucket", {
      bucketName: props.bucketName,
      keyArn: key.arn,
      objectLock: true,
      expiry: this.retention,
      keepOldVersions: Duration.days(1),
      accessLog,
      provider,
    });
    this.lock("ReplicaLock", copies, provider);
    const role = new IamRole(this, "ReplicationRole", {
      name: props.roleName,
      description: "S3 copies Vault snapshots to the replica region",
      assumeRolePolicy: policyJson(this, "ReplicationTrust", [
        {
          actions: ["sts:AssumeRole"],
          principals: [{ type: "Service", identifiers: ["s3.amazonaws.com"] }],
          condition: [
            { test: "StringEquals", variable: "aws:SourceAccount", values: [account] },
            { test: "ArnEquals", variable: "aws:SourceArn", values: [bucketArn(partition, bucketName)] },
          ],
        },
      ]),
    });
    const permissions = new IamRolePolicy(this, "ReplicationPolicy", {
      name: props.roleName,
      role: role.name,
      policy: policyJson(this, "ReplicationPermissions", [
        {
          sid: "ListSource",
          actions: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
          resources: [this.arn],
        },
        {
          sid: "ReadSource",
          actions: [
            "s3:GetObjectVersionForReplication",
            "s3:GetObjectVersionAcl",
            "s3:GetObjectVersionTagging",
            "s3:GetObjectRetention",
            "s3:GetObjectLegalHold",
          ],
          resources: [`${this.arn}/*`],
        },
        {
          sid: "WriteCopies",
          actions: ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
          resources: [`${copies.arn}/*`],
        },
        { sid: "Decrypt", actions: ["kms:Decrypt"], resources: [this.encryptionKey.arn] },
        { sid: "Encrypt", actions: ["kms:Encrypt", "kms:GenerateDataKey"], resources: [key.arn] },
      ]),
    });
    new S3BucketReplicationConfigurationA(this, "Replication", {
      bucket: this.privateBucket.bucket.id,
      role: role.arn,
      rule: [
        {
          id: "snapshots",
          status: "Enabled",
          filter: { prefix: "" },
          // Deletions must not reach the copies.
          deleteMarkerReplication: { status: "Disabled" },
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
          destination: {
            bucket: copies.arn,
            storageClass: "STANDARD_IA",
            encryptionConfiguration: { replicaKmsKeyId: key.arn },
          },
        },
      ],
      dependsOn: [this.privateBucket.versioning, copies.versioning, permissions],
    });
  }
}

/**
 * Statements that deny uploads with another key, S3's own key or a key of the caller. Uploads that name no key get the
 * bucket's.
 */
function denyOtherEncryption(bucketArn: string, keyArn: string): PolicyStatement[] {
  const put = {
    effect: "Deny",
    principals: EVERYONE,
    actions: ["s3:PutObject"],
    resources: [`${bucketArn}/*`],
  };
  const named = (header: string) => ({ test: "Null", variable: header, values: ["false"] });
  const except = (header: string, value: string) => [
    { test: "StringNotEquals", variable: header, values: [value] },
    named(header),
  ];
  return [
    {
      ...put,
      sid: "DenyOtherKeys",
      condition: except("s3:x-amz-server-side-encryption-aws-kms-key-id", keyArn),
    },
    {
      ...put,
      sid: "DenyOtherAlgorithms",
      condition: except("s3:x-amz-server-side-encryption", "aws:kms"),
    },
    {
      ...put,
      sid: "DenyKeysOfCallers",
      condition: [named("s3:x-amz-server-side-encryption-customer-algorithm")],
    },
  ];
}
