import { anyone } from "../support/aws-edits";
import { testDangerous, testNamed } from "../support/matrix";
import type { Production } from "../support/production";

const BUCKET = "vault-snapshots-production-333333333333-us-east-1";
const FOREIGN = { principals: [{ type: "AWS", identifiers: ["arn:aws:iam::999999999999:root"] }] };

describe("access diff of production: snapshots", () => {
  const one = (production: Production, type: string, name = "Snapshots_Bucket") =>
    production.resource(type, name);

  testDangerous([
    [
      "public access is possible",
      (production) => production.remove("aws_s3_bucket_public_access_block", "Snapshots_Bucket"),
      "public_access_block",
    ],
    [
      "public policies are possible",
      (production) => (one(production, "aws_s3_bucket_public_access_block").block_public_policy = false),
      "block_public_policy",
    ],
    [
      "the lock lasts for a day",
      (production) =>
        (production.resource(
          "aws_s3_bucket_object_lock_configuration",
          "Snapshots_Lock",
        ).rule.default_retention.days = 1),
      "days",
    ],
    [
      "administrators can lift the lock",
      (production) =>
        (production.resource(
          "aws_s3_bucket_object_lock_configuration",
          "Snapshots_Lock",
        ).rule.default_retention.mode = "GOVERNANCE"),
      "GOVERNANCE",
    ],
    [
      "no lock",
      (production) => production.remove("aws_s3_bucket_object_lock_configuration", "Snapshots_Lock"),
      "protection",
    ],
    [
      "a bucket without locks",
      (production) => (one(production, "aws_s3_bucket").object_lock_enabled = false),
      "destroys",
    ],
    [
      "the bucket may be emptied",
      (production) => (one(production, "aws_s3_bucket").force_destroy = true),
      "force_destroy",
    ],
    [
      "no versions",
      (production) => production.remove("aws_s3_bucket_versioning", "Snapshots_Bucket"),
      "versioning",
    ],
    [
      "versions are deleted after a day",
      (production) =>
        (one(production, "aws_s3_bucket_lifecycle_configuration").rule[0].expiration = [{ days: 1 }]),
      "expiration",
    ],
    [
      "copies go to another bucket",
      (production) =>
        (production.resource("aws_s3_bucket_replication_configuration").rule[0].destination.bucket =
          "arn:aws:s3:::evil"),
      "arn:aws:s3:::evil",
    ],
    [
      "copies belong to another account",
      (production) =>
        (production.resource("aws_s3_bucket_replication_configuration").rule[0].destination.account =
          "999999999999"),
      "999999999999",
    ],
    [
      "no encryption",
      (production) =>
        production.remove("aws_s3_bucket_server_side_encryption_configuration", "Snapshots_Bucket"),
      "encryption",
    ],
    [
      "encryption by a key of AWS",
      (production) =>
        (one(
          production,
          "aws_s3_bucket_server_side_encryption_configuration",
        ).rule[0].apply_server_side_encryption_by_default = { sse_algorithm: "AES256" }),
      "AES256",
    ],
    [
      "no record of access",
      (production) => production.remove("aws_s3_bucket_logging", "Snapshots_Bucket"),
      "logging",
    ],
    [
      "the record of access goes elsewhere",
      (production) => (one(production, "aws_s3_bucket_logging").target_bucket = "evil"),
      "evil",
    ],
    [
      "access by lists",
      (production) =>
        (one(production, "aws_s3_bucket_ownership_controls").rule.object_ownership = "ObjectWriter"),
      "ObjectWriter",
    ],
    [
      "a list for anyone",
      (production) => production.add("aws_s3_bucket_acl", { bucket: BUCKET, acl: "public-read" }),
      "acl",
    ],
    [
      "anyone reads by the policy of the bucket",
      (production) =>
        production
          .statements("Snapshots_Bucket")
          .push({ actions: ["s3:GetObject"], resources: [`arn:aws:s3:::${BUCKET}/*`], ...anyone }),
      "s3:GetObject",
    ],
    [
      "another account reads by the policy of the bucket",
      (production) =>
        production
          .statements("Snapshots_Bucket")
          .push({ actions: ["s3:Get*"], resources: [`arn:aws:s3:::${BUCKET}/*`], ...FOREIGN }),
      "account 999999999999",
    ],
    [
      "the denial of plain HTTP is gone",
      (production) => production.statements("Snapshots_Bucket").shift(),
      "protection",
    ],
    [
      "the policy of the bucket is gone",
      (production) => production.remove("aws_s3_bucket_policy", "Snapshots_Bucket"),
      "protection",
    ],
    [
      "another role reads snapshots",
      (production) =>
        production
          .statements("Bootstrap_Permissions")
          .push({ actions: ["s3:GetObject"], resources: [`arn:aws:s3:::${BUCKET}/*`] }),
      "production-vault-bootstrap",
      "whole storage",
    ],
    [
      "another role decrypts snapshots",
      (production) =>
        production
          .statements("Bootstrap_Permissions")
          .push({ actions: ["kms:Decrypt"], resources: ["${aws_kms_key.Snapshots_Key_4567620F.arn}"] }),
      "production-vault-bootstrap",
    ],
    [
      "an access point of the bucket",
      (production) => production.add("aws_s3_access_point", { name: "x", bucket: BUCKET }),
      "access_point",
    ],
    [
      "other sites read the bucket",
      (production) =>
        production.add("aws_s3_bucket_cors_configuration", {
          bucket: BUCKET,
          cors_rule: [{ allowed_methods: ["GET"], allowed_origins: ["*"] }],
        }),
      "cors",
    ],
    [
      "a list of all objects for another account",
      (production) =>
        production.add("aws_s3_bucket_inventory", {
          bucket: BUCKET,
          name: "x",
          destination: [{ bucket: { bucket_arn: "arn:aws:s3:::evil", format: "CSV" } }],
        }),
      "inventory",
    ],
    [
      "events of the bucket for a function",
      (production) =>
        production.add("aws_s3_bucket_notification", {
          bucket: BUCKET,
          lambda_function: [{ lambda_function_arn: "arn:aws:lambda:us-east-1:999999999999:function:x" }],
        }),
      "notification",
    ],
    [
      "the key of snapshots is deleted after a week",
      (production) => (production.resource("aws_kms_key", "Snapshots_Key").deletion_window_in_days = 7),
      "deletion_window_in_days",
    ],
    [
      "the key of copies is deleted after a week",
      (production) =>
        (production.resource("aws_kms_key", "Snapshots_ReplicaKey").deletion_window_in_days = 7),
      "deletion_window_in_days",
    ],
    [
      "another account uses the key of copies",
      (production) =>
        production
          .statements("Snapshots_ReplicaKey")
          .push({ actions: ["kms:Decrypt"], resources: ["*"], ...FOREIGN }),
      "account 999999999999",
    ],
    [
      "the alias of the key of snapshots names another key",
      (production) =>
        (production.resource("aws_kms_alias", "Snapshots_Key").target_key_id =
          "${aws_kms_key.RecoveryKeys_Key_2288A371.key_id}"),
      "alias/production-vault-recovery-keys",
    ],
    [
      "a second resource makes the bucket public, written first",
      (production) => {
        const blocks = production.all("aws_s3_bucket_public_access_block", "foundation");
        const others = { ...blocks };
        for (const name of Object.keys(others)) delete blocks[name];
        blocks.Added = { bucket: BUCKET, block_public_policy: false };
        Object.assign(blocks, others);
      },
      "block_public_policy",
    ],
    [
      "the key of snapshots does not rotate",
      (production) => (production.resource("aws_kms_key", "Snapshots_Key").enable_key_rotation = false),
      "enable_key_rotation",
    ],
    [
      "Terraform can destroy the bucket",
      (production) => delete one(production, "aws_s3_bucket").lifecycle,
      "prevent_destroy",
    ],
    [
      "the bucket is gone",
      (production) => production.remove("aws_s3_bucket", "Snapshots_Bucket"),
      "destroys",
    ],
  ]);

  testNamed([
    [
      "no copies",
      (production) => production.remove("aws_s3_bucket_replication_configuration"),
      "replication",
    ],
    [
      "the lock lasts longer",
      (production) =>
        (production.resource(
          "aws_s3_bucket_object_lock_configuration",
          "Snapshots_Lock",
        ).rule.default_retention.days = 180),
      "180",
    ],
    [
      "a service of AWS that the platform does not use",
      (production) => production.add("aws_sqs_queue", { name: "x" }),
      "aws_sqs_queue",
    ],
  ]);
});
