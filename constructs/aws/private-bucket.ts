import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { suppressCheckov } from "../core/checkov";
import { Duration } from "../core/duration";
import { checkProps, flag, object, text } from "../core/field";
import { duration, having, method, provider as PROVIDER } from "../core/fields";
import { partitionFields } from "./fields";
import { type PartitionProps, partitionAt } from "./partition";
import {
  type PolicyStatement,
  allowLogDelivery,
  bucketArn,
  denyInsecureTransport,
  policyJson,
} from "./policy-document";

const SECONDS_PER_DAY = 86400;

/** Properties of `PrivateBucket`. */
export interface PrivateBucketProps {
  /** Name of the bucket. */
  readonly bucketName: string;
  /** ARN of the encryption key. @default - S3's own key, which log delivery can always write with */
  readonly keyArn?: string;
  /** Enables object lock, which cannot be enabled later. @default false */
  readonly objectLock?: boolean;
  /** Time after which the current version expires. @default - never */
  readonly expiry?: Duration;
  /** Time for which replaced and deleted versions are kept, in whole days. */
  readonly keepOldVersions: Duration;
  /** Bucket that receives the access log. @default - no log, as for the log bucket itself */
  readonly accessLog?: PrivateBucket;
  /** Returns statements in addition to the denial of insecure transport. @default - none */
  readonly statements?: (bucketArn: string) => PolicyStatement[];
  /** Provider of the bucket. @default - the stack's provider */
  readonly provider?: TerraformProvider;
}

const PROPS = object<PrivateBucketProps>(() => ({
  bucketName: text,
  keyArn: text.optional(),
  objectLock: flag.optional(),
  expiry: duration.optional(),
  keepOldVersions: duration,
  accessLog: having<PrivateBucket>("a PrivateBucket", "bucket", "versioning").optional(),
  statements: method.optional(),
  provider: PROVIDER.optional(),
}));

/** S3 bucket that is versioned, encrypted and owned by one account. It denies public access and plaintext. */
export class PrivateBucket extends LibraryConstruct {
  /** The S3 bucket. */
  readonly bucket: S3Bucket;
  /** Versioning of the bucket. */
  readonly versioning: S3BucketVersioningA;
  private readonly policy: S3BucketPolicy;

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { provider, keyArn } = props;
    this.bucket = new S3Bucket(this, "Resource", {
      bucket: props.bucketName,
      objectLockEnabled: props.objectLock,
      provider,
      lifecycle: { preventDestroy: true },
    });
    suppressCheckov(
      this.bucket,
      "CKV2_AWS_62",
      "nothing reacts to its objects, so there is nobody to notify",
    );
    const bucket = this.bucket.id;
    this.versioning = new S3BucketVersioningA(this, "Versioning", {
      bucket,
      versioningConfiguration: { status: "Enabled" },
      provider,
    });
    new S3BucketServerSideEncryptionConfigurationA(this, "Encryption", {
      bucket,
      provider,
      rule: [
        {
          applyServerSideEncryptionByDefault: keyArn
            ? { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn }
            : { sseAlgorithm: "AES256" },
          bucketKeyEnabled: keyArn !== undefined || undefined,
        },
      ],
    });
    const publicAccess = new S3BucketPublicAccessBlock(this, "PublicAccess", {
      bucket,
      provider,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, "Ownership", {
      bucket,
      provider,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    this.policy = new S3BucketPolicy(this, "Policy", {
      bucket,
      provider,
      policy: policyJson(this, "PolicyDocument", [
        ...denyInsecureTransport(this.bucket.arn),
        ...(props.statements?.(this.bucket.arn) ?? []),
      ]),
      // S3 rejects two changes of a bucket's access at the same time.
      dependsOn: [publicAccess],
    });
    new S3BucketLifecycleConfiguration(this, "Lifecycle", {
      bucket,
      provider,
      rule: [
        {
          id: "expire",
          status: "Enabled",
          filter: [{ prefix: "" }],
          expiration: props.expiry && [{ days: props.expiry.toSeconds() / SECONDS_PER_DAY }],
          noncurrentVersionExpiration: [
            { noncurrentDays: props.keepOldVersions.toSeconds() / SECONDS_PER_DAY },
          ],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
      ],
      dependsOn: [this.versioning],
    });
    if (props.accessLog) {
      new S3BucketLoggingA(this, "AccessLog", {
        bucket,
        provider,
        targetBucket: props.accessLog.bucket.id,
        targetPrefix: `${props.bucketName}/`,
        // S3 accepts a log bucket only after its policy allows the log service to write.
        dependsOn: [props.accessLog.policy],
      });
    }
  }

  /** ARN of the bucket. */
  get arn(): string {
    return this.bucket.arn;
  }
}

/** Properties of a bucket for an access log. */
export interface AccessLogBucketProps extends PartitionProps {
  /** AWS account number, 12 digits. */
  readonly account: string;
  /** Name of the log bucket. */
  readonly bucketName: string;
  /** Name of the one bucket for which accesses are logged. */
  readonly sourceBucket: string;
}

const ACCESS_LOG = object<AccessLogBucketProps>(() => ({
  ...partitionFields,
  account: text,
  bucketName: text,
  sourceBucket: text,
}));

/** Creates a bucket for the access log of one other bucket. The log is kept for a year. */
export function accessLogBucket(scope: Construct, id: string, props: AccessLogBucketProps): PrivateBucket {
  checkProps(`${scope.node.path}/${id}`, ACCESS_LOG, props);
  const log = new PrivateBucket(scope, id, {
    bucketName: props.bucketName,
    provider: props.provider,
    expiry: Duration.days(365),
    keepOldVersions: Duration.days(30),
    statements: (arn) => [
      allowLogDelivery(arn, {
        bucketArn: bucketArn(partitionAt(scope, props), props.sourceBucket),
        bucketName: props.sourceBucket,
        account: props.account,
      }),
    ],
  });
  suppressCheckov(
    log.bucket,
    "CKV_AWS_145",
    "S3's own key is the one that log delivery can always write with",
  );
  suppressCheckov(log.bucket, "CKV_AWS_144", "an access log is not needed to restore anything");
  return log;
}
