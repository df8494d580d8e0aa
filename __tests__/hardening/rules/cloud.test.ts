import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { describeRule } from "../support/describe-rule";
import { container, data, helmRelease, manifest, nothing, resource, together, vault } from "../support/plain";

const LIFECYCLE = { lifecycle: { preventDestroy: true } };

describeRule("kms-deletion", {
  compliant: {
    "30 days and a guard": (stack) =>
      void new KmsKey(stack, "Key", { deletionWindowInDays: 30, ...LIFECYCLE }),
    "AWS's own default": (stack) => void new KmsKey(stack, "Key", LIFECYCLE),
  },
  violated: {
    "a week": [
      (stack) => void new KmsKey(stack, "Key", { deletionWindowInDays: 7, ...LIFECYCLE }),
      "the key is gone 7 days after its deletion",
    ],
    "no guard": [(stack) => void new KmsKey(stack, "Key", {}), "a plan may destroy the key"],
    "a replica": [
      resource("aws_kms_replica_key", { deletion_window_in_days: 29 }),
      "the key is gone 29 days after its deletion",
      "a plan may destroy the key",
    ],
  },
  notApplicable: { "what is no key": nothing },
});

const BLOCK = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};
const document = (statement: object) => data("aws_iam_policy_document", { statement: [statement] });
const EVERYBODY = [{ type: "AWS", identifiers: ["*"] }];

describeRule("bucket-public", {
  compliant: {
    "a block by reference": (stack) => {
      const bucket = new S3Bucket(stack, "Bucket", {});
      new S3BucketPublicAccessBlock(stack, "Block", { bucket: bucket.id, ...BLOCK });
    },
    "a block by name": (stack) => {
      new S3Bucket(stack, "Bucket", { bucket: "logs" });
      new S3BucketPublicAccessBlock(stack, "Block", { bucket: "logs", ...BLOCK });
    },
    "a block of the account": together(
      resource("aws_s3_bucket", { bucket: "logs" }),
      resource("aws_s3_account_public_access_block", {
        block_public_acls: true,
        block_public_policy: true,
        ignore_public_acls: true,
        restrict_public_buckets: true,
      }),
    ),
    "a denial for everybody": document({ effect: "Deny", actions: ["s3:*"], principals: EVERYBODY }),
    "everybody of one network": document({
      actions: ["s3:GetObject"],
      principals: EVERYBODY,
      condition: [{ test: "StringEquals", variable: "aws:SourceVpce", values: ["vpce-1"] }],
    }),
  },
  violated: {
    "a bucket without a block": [
      (stack) => void new S3Bucket(stack, "Bucket", { bucket: "logs" }),
      "public access to the bucket is not blocked",
    ],
    "the block of a bucket with a longer name": [
      (stack) => {
        new S3Bucket(stack, "Logs", {});
        const other = new S3Bucket(stack, "LogsOfOthers", {});
        new S3BucketPublicAccessBlock(stack, "Block", { bucket: other.id, ...BLOCK });
      },
      "public access to the bucket is not blocked",
    ],
    "half a block": [
      (stack) => {
        const bucket = new S3Bucket(stack, "Bucket", {});
        new S3BucketPublicAccessBlock(stack, "Block", {
          bucket: bucket.id,
          ...BLOCK,
          blockPublicPolicy: false,
        });
      },
      "block_public_policy is not true",
    ],
    "an ACL": [resource("aws_s3_bucket_acl", { acl: "public-read" }), "the ACL is public-read"],
    "a policy in JSON": [
      resource("aws_s3_bucket_policy", {
        policy: JSON.stringify({
          Statement: { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" },
        }),
      }),
      "a policy allows everybody s3:GetObject",
    ],
    "a policy document that names others too": [
      document({
        actions: ["s3:GetObject"],
        principals: [...EVERYBODY, { type: "AWS", identifiers: ["arn:aws:iam::1:role/a"] }],
      }),
      "a policy allows everybody s3:GetObject",
    ],
  },
  notApplicable: { "what is no bucket": nothing },
});

const inline = (statement: object) =>
  resource("aws_iam_role_policy", {
    policy: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
  });

describeRule("iam-wildcard", {
  compliant: {
    "named actions": inline({ Effect: "Allow", Action: ["kms:Encrypt"], Resource: "*" }),
    "all of one service on named resources": document({
      actions: ["s3:*"],
      resources: ["arn:aws:s3:::logs"],
    }),
    "a denial": document({ effect: "Deny", actions: ["*"], resources: ["*"] }),
    "another attachment": resource("aws_iam_role_policy_attachment", {
      policy_arn: "arn:aws:iam::aws:policy/ReadOnlyAccess",
    }),
  },
  violated: {
    "everything, in JSON": [
      inline({ Effect: "Allow", Action: "*", Resource: "*" }),
      "* is allowed on everything",
    ],
    "all of one service": [
      document({ actions: ["iam:*", "s3:GetObject"], resources: ["*"] }),
      "iam:* is allowed on everything",
    ],
    "a document that is a trust as well": [
      data("aws_iam_policy_document", {
        statement: [
          { actions: ["*"], resources: ["*"] },
          {
            actions: ["sts:AssumeRole"],
            principals: [{ type: "Service", identifiers: ["s3.amazonaws.com"] }],
          },
        ],
      }),
      "* is allowed on everything",
    ],
    "everything but": [
      inline({ Effect: "Allow", NotAction: "iam:*", Resource: "*" }),
      "* is allowed on everything",
    ],
    "a role's inline policy": [
      resource("aws_iam_role", {
        inline_policy: [{ policy: '{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}' }],
      }),
      "* is allowed on everything",
    ],
    administrators: [
      resource("aws_iam_role_policy_attachment", {
        policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess",
      }),
      "arn:aws:iam::aws:policy/AdministratorAccess is attached",
    ],
  },
  notApplicable: {
    "the policy of a key, in which * is the key": document({
      actions: ["kms:*"],
      resources: ["*"],
      principals: [{ type: "AWS", identifiers: ["arn:aws:iam::1:root"] }],
    }),
  },
});

const trust = (condition: object[], further = {}) =>
  document({
    actions: ["sts:AssumeRoleWithWebIdentity"],
    principals: [{ type: "Federated", identifiers: ["arn:aws:iam::1:oidc-provider/o"] }],
    condition,
    ...further,
  });
const subject = (test: string, value: string) => ({ test, variable: "o:sub", values: [value] });

describeRule("iam-trust", {
  compliant: {
    "one ServiceAccount": trust([subject("StringEquals", "system:serviceaccount:vault:vault")]),
    "one of AWS's services": document({
      actions: ["sts:AssumeRole"],
      principals: [{ type: "Service", identifiers: ["s3.amazonaws.com"] }],
    }),
  },
  violated: {
    "any token of the issuer": [
      trust([{ test: "StringEquals", variable: "o:aud", values: ["sts.amazonaws.com"] }]),
      "every token of the issuer may assume the role: sub is not compared",
    ],
    "a pattern": [
      trust([subject("StringLike", "repo:example/*")]),
      "every token whose sub matches repo:example/* may assume the role",
    ],
    "everybody beside a service": [
      document({
        actions: ["sts:AssumeRole"],
        principals: [{ type: "Service", identifiers: ["s3.amazonaws.com"] }, ...EVERYBODY],
      }),
      "everybody may assume the role",
    ],
    "everybody, in JSON": [
      resource("aws_iam_role", {
        assume_role_policy:
          '{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"*"}}]}',
      }),
      "everybody may assume the role",
    ],
  },
  notApplicable: { "a policy of rights": document({ actions: ["s3:GetObject"], resources: ["*"] }) },
});

describeRule("image-pinned", {
  compliant: {
    "a version": container({ image: "registry.example.com:5000/app:1.2.3" }),
    "a digest": container({ image: `app@sha256:${"a".repeat(64)}` }),
    "what only Terraform knows": container({ image: "app:${var.version}" }),
    "an image that only Terraform knows": container({ image: "${var.image}" }),
    "the images that the chart pins": vault(),
  },
  violated: {
    "no version": [container({ image: "app" }), "container app: app may be another program tomorrow"],
    "no version, from a registry with a port": [
      container({ image: "localhost:5000/app" }),
      "container app: localhost:5000/app may be another program tomorrow",
    ],
    latest: [container({ image: "app:latest" }), "container app: app:latest may be another program tomorrow"],
    "the chart's image": [
      vault(undefined, { server: { image: { tag: "latest" } } }),
      "container vault: hashicorp/vault:latest may be another program tomorrow",
    ],
    "a sidecar of the chart": [
      vault(undefined, { server: { extraContainers: [{ name: "ship", image: "vector" }] } }),
      "container ship: vector may be another program tomorrow",
    ],
    "a CronJob as a manifest": [
      manifest({
        kind: "CronJob",
        spec: {
          jobTemplate: { spec: { template: { spec: { containers: [{ name: "b", image: "aws" }] } } } },
        },
      }),
      "container b: aws may be another program tomorrow",
    ],
  },
  notApplicable: { "what makes no pods": nothing },
});

const chart = (further: object) =>
  helmRelease("vault", {}, { repository: "https://helm.releases.hashicorp.com", ...further });

describeRule("chart-pinned", {
  compliant: {
    "an exact version": chart({ version: "0.34.1" }),
    "a folder": helmRelease("../../../charts/vault", {}),
    "a file": helmRelease("charts/vault-0.34.1.tgz", {}),
  },
  violated: {
    "no version": [chart({}), "the version of chart vault is whichever is the latest"],
    "a range": [chart({ version: "~> 0.34" }), "the version of chart vault is ~> 0.34"],
    "a registry without a version": [
      helmRelease("oci://registry.example.com/vault", {}),
      "the version of chart oci://registry.example.com/vault is whichever is the latest",
    ],
  },
  notJudged: {
    "a version that only Terraform knows": [
      chart({ version: "${var.version}" }),
      'version is "${var.version}", which only Terraform can evaluate',
    ],
  },
  notApplicable: { "what is no release": nothing },
});

describeRule("chart-source", {
  compliant: {
    https: chart({ version: "0.34.1" }),
    "a registry": helmRelease("oci://registry.example.com/vault", {}),
    "a folder": helmRelease("../../../charts/vault", {}),
  },
  violated: {
    http: [
      helmRelease("vault", {}, { repository: "http://charts.example.com" }),
      "repository is loaded by http",
    ],
    "http in capitals": [
      helmRelease("vault", {}, { repository: "HTTP://charts.example.com" }),
      "repository is loaded by http",
    ],
    "a chart by http": [
      helmRelease("http://charts.example.com/vault-1.0.0.tgz", {}),
      "chart is loaded by http",
    ],
    "a program that changes what the chart renders": [
      chart({ postrender: { binary_path: "./patch.sh" } }),
      "postrender changes what the chart renders, which nobody judges",
    ],
  },
  notJudged: {
    "a repository that only Terraform knows": [
      helmRelease("vault", {}, { repository: "${var.repository}" }),
      'repository is "${var.repository}", which only Terraform can evaluate',
    ],
  },
  notApplicable: { "what is no release": nothing },
});
