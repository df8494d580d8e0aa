import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { KmsKey, type KmsKeyConfig } from "@cdktf/provider-aws/lib/kms-key";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3BucketAcl } from "@cdktf/provider-aws/lib/s3-bucket-acl";
import type { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import type { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import type { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SnapshotBucket } from "../../constructs/aws/snapshot-bucket";
import { EVERYONE, type PolicyStatement } from "../../constructs/aws/policy-document";
import type { PrivateBucket } from "../../constructs/aws/private-bucket";
import type { TerraformElement, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import type { BadExample } from "./bad-example";
import { BAD_KUBERNETES_EXAMPLES } from "./bad-kubernetes-examples";

const ACCOUNT = "111111111111";

/**
 * One bad example per check. The examples use the same cdktf, providers and constructs as the stacks, so that checkov
 * reads the same format. Each one is a resource of the project with one part missing or wrong, not a textbook example.
 */
export const BAD_EXAMPLES: Readonly<Record<string, BadExample>> = {
  CKV_AWS_7: key({ enableKeyRotation: false }),
  CKV_AWS_227: key({ isEnabled: false }),
  CKV2_AWS_64: key({ policy: undefined }),
  CKV_AWS_33: (scope) =>
    new KmsKey(scope, "Key", {
      enableKeyRotation: true,
      policy: document(scope, { actions: ["kms:*"], resources: ["*"], principals: EVERYONE }).json,
    }),

  CKV_AWS_18: bucketWithout("AccessLog"),
  CKV_AWS_21: bucketWithout("Versioning"),
  CKV_AWS_145: bucketWithout("Encryption"),
  CKV2_AWS_6: bucketWithout("PublicAccess"),
  CKV2_AWS_61: bucketWithout("Lifecycle"),
  CKV_AWS_144: (scope) => {
    const snapshots = snapshotBucket(scope);
    snapshots.node.tryRemoveChild("Replication");
    return snapshots.privateBucket.bucket;
  },
  CKV2_AWS_62: (scope) => snapshotBucket(scope).privateBucket.bucket,
  CKV_AWS_19: (scope) => {
    const { privateBucket } = snapshotBucket(scope);
    part<S3BucketServerSideEncryptionConfigurationA>(privateBucket, "Encryption").putRule([
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "rot13" } },
    ]);
    return privateBucket.bucket;
  },
  CKV_AWS_20: publicAcl("public-read"),
  CKV_AWS_57: publicAcl("public-read-write"),
  CKV_AWS_53: publicAccess((block) => (block.blockPublicAcls = false)),
  CKV_AWS_54: publicAccess((block) => (block.blockPublicPolicy = false)),
  CKV_AWS_55: publicAccess((block) => (block.ignorePublicAcls = false)),
  CKV_AWS_56: publicAccess((block) => (block.restrictPublicBuckets = false)),
  CKV_AWS_300: (scope) => {
    const lifecycle = part<S3BucketLifecycleConfiguration>(snapshotBucket(scope).privateBucket, "Lifecycle");
    lifecycle.addOverride("rule.0.abort_incomplete_multipart_upload", undefined);
    return lifecycle;
  },
  CKV_AWS_143: (scope) => {
    const snapshots = snapshotBucket(scope);
    snapshots.node.tryRemoveChild("Lock");
    snapshots.privateBucket.bucket.objectLockEnabled = false;
    return snapshots.privateBucket.bucket;
  },
  CKV_AWS_70: bucketPolicy({ actions: ["s3:GetObject"], resources: ["*"], principals: EVERYONE }),
  CKV_AWS_93: bucketPolicy({
    effect: "Deny",
    actions: ["s3:*"],
    resources: ["*"],
    principals: EVERYONE,
  }),

  CKV_AWS_1: allowing(["*"]),
  CKV_AWS_49: allowing(["*"], "arn:aws:s3:::one"),
  CKV_AWS_107: allowing(["iam:CreateAccessKey"]),
  CKV_AWS_108: allowing(["s3:GetObject"]),
  CKV_AWS_109: allowing(["iam:PutRolePolicy"]),
  CKV_AWS_110: allowing(["iam:CreatePolicyVersion"]),
  CKV_AWS_111: allowing(["s3:PutObject"]),
  CKV_AWS_356: allowing(["kms:Decrypt"]),
  CKV2_AWS_40: allowing(["iam:*"], `arn:aws:iam::${ACCOUNT}:role/one`),
  CKV_AWS_283: (scope) =>
    document(scope, { actions: ["sts:AssumeRole"], resources: [], principals: EVERYONE }),
  CKV_AWS_358: (scope) => githubTrust(scope),
  CKV_AWS_60: roleTrusting(EVERYONE),
  CKV_AWS_61: roleTrusting([{ type: "AWS", identifiers: [`arn:aws:iam::${ACCOUNT}:root`] }]),
  CKV_AWS_62: rolePolicy(["*"]),
  CKV_AWS_63: rolePolicy(["*"], "arn:aws:s3:::one"),
  CKV_AWS_286: policy(["iam:CreatePolicyVersion"]),
  CKV_AWS_287: policy(["iam:CreateAccessKey"]),
  CKV_AWS_288: policy(["s3:GetObject"]),
  CKV_AWS_289: policy(["iam:PutRolePolicy"]),
  CKV_AWS_290: policy(["s3:PutObject"]),
  CKV_AWS_355: policy(["kms:Decrypt"]),

  CKV_AWS_149: (scope) => new SecretsmanagerSecret(scope, "Secret", { name: "share" }),
  CKV2_AWS_57: (scope) => new SecretsmanagerSecret(scope, "Secret", { name: "share" }),

  ...BAD_KUBERNETES_EXAMPLES,
};

/**
 * Adds all examples to one stack, each below its check's id.
 * @returns the name of the resource that must fail, by check
 */
export function addBadExamples(stack: TerraformStack): Record<string, string> {
  new KubernetesProvider(stack, "Kubernetes");
  return Object.fromEntries(
    Object.entries(BAD_EXAMPLES).map(([checkId, example]) => [
      checkId,
      example(new Construct(stack, checkId)).friendlyUniqueId,
    ]),
  );
}

function document(scope: Construct, statement: PolicyStatement): DataAwsIamPolicyDocument {
  return new DataAwsIamPolicyDocument(scope, "Document", { statement: [statement] });
}

function allowing(actions: string[], resource = "*"): (scope: Construct) => DataAwsIamPolicyDocument {
  return (scope) => document(scope, { actions, resources: [resource] });
}

function policy(actions: string[]): BadExample {
  return (scope) => new IamPolicy(scope, "Policy", { policy: allowing(actions)(scope).json });
}

function rolePolicy(actions: string[], resource?: string): BadExample {
  return (scope) =>
    new IamRolePolicy(scope, "Policy", { role: "one", policy: allowing(actions, resource)(scope).json });
}

function roleTrusting(principals: { type: string; identifiers: string[] }[]): BadExample {
  return (scope) =>
    new IamRole(scope, "Role", {
      assumeRolePolicy: document(scope, { actions: ["sts:AssumeRole"], principals }).json,
    });
}

function githubTrust(scope: Construct): TerraformElement {
  const github = "token.actions.githubusercontent.com";
  return document(scope, {
    actions: ["sts:AssumeRoleWithWebIdentity"],
    principals: [{ type: "Federated", identifiers: [`arn:aws:iam::${ACCOUNT}:oidc-provider/${github}`] }],
    condition: [{ test: "StringLike", variable: `${github}:sub`, values: ["*"] }],
  });
}

function key(wrong: Partial<KmsKeyConfig>): BadExample {
  return (scope) => new KmsKey(scope, "Key", { enableKeyRotation: true, policy: "{}", ...wrong });
}

/** The project's most complete bucket: with access log, object lock, and replication to another region. */
function snapshotBucket(scope: Construct): SnapshotBucket {
  return new SnapshotBucket(scope, "Snapshots", {
    account: ACCOUNT,
    bucketName: "snapshots",
    accessLogBucketName: "logs",
    keyAlias: "alias/snapshots",
    replication: {
      provider: new AwsProvider(scope, "Replica", { alias: scope.node.id }),
      bucketName: "copies",
      accessLogBucketName: "logs-of-copies",
      roleName: "copy",
    },
  });
}

function part<T>(bucket: PrivateBucket, id: string): T {
  return bucket.node.findChild(id) as T;
}

function bucketWithout(id: string): BadExample {
  return (scope) => {
    const { privateBucket } = snapshotBucket(scope);
    if (!privateBucket.node.tryRemoveChild(id)) throw new Error(`a private bucket has no part ${id}`);
    return privateBucket.bucket;
  };
}

function publicAcl(acl: string): BadExample {
  return (scope) => {
    const { bucket } = snapshotBucket(scope).privateBucket;
    new S3BucketAcl(scope, "Acl", { bucket: bucket.id, acl });
    return bucket;
  };
}

function publicAccess(spoil: (block: S3BucketPublicAccessBlock) => void): BadExample {
  return (scope) => {
    const block = part<S3BucketPublicAccessBlock>(snapshotBucket(scope).privateBucket, "PublicAccess");
    spoil(block);
    return block;
  };
}

function bucketPolicy(statement: PolicyStatement): BadExample {
  return (scope) =>
    new S3BucketPolicy(scope, "Policy", { bucket: "one", policy: document(scope, statement).json });
}
