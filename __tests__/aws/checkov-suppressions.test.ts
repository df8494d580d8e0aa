import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { TerraformStack, Testing } from "cdktf";
import { EncryptionKey } from "../../constructs/aws/encryption-key";
import { SnapshotBucket } from "../../constructs/aws/snapshot-bucket";
import { type CheckovSuppression, checkovSuppressions, suppressCheckov } from "../../constructs/core/checkov";

function suppressions(build: (stack: TerraformStack) => void): CheckovSuppression[] {
  const stack = new TerraformStack(Testing.app(), "test");
  build(stack);
  return checkovSuppressions(stack);
}

const snapshots = (stack: TerraformStack, replicated: boolean) =>
  new SnapshotBucket(stack, "Snapshots", {
    account: "111111111111",
    bucketName: "snapshots",
    accessLogBucketName: "logs",
    keyAlias: "alias/snapshots",
    replication: replicated
      ? {
          provider: new AwsProvider(stack, "Aws", { alias: "replica" }),
          bucketName: "copies",
          accessLogBucketName: "logs-of-copies",
          roleName: "copy",
        }
      : undefined,
  });

const idsOf = (replicated: boolean, bucket: string) =>
  suppressions((stack) => snapshots(stack, replicated))
    .filter(({ resource }) => resource.startsWith(`Snapshots_${bucket}_`))
    .map(({ checkId }) => checkId)
    .sort();

test("lists resource, check and reason of each suppression", () => {
  const found = suppressions((stack) => {
    const bucket = new S3Bucket(stack, "Bucket", {});
    suppressCheckov(bucket, "CKV_AWS_18", "it is a log itself");
    suppressCheckov(bucket, "CKV2_AWS_62", "nothing reacts to it");
  });
  expect(found).toEqual([
    { resource: "Bucket", checkId: "CKV_AWS_18", reason: "it is a log itself" },
    { resource: "Bucket", checkId: "CKV2_AWS_62", reason: "nothing reacts to it" },
  ]);
});

test("lists a suppression under the overridden logical ID of its resource", () => {
  const [found] = suppressions((stack) => {
    const bucket = new S3Bucket(stack, "Bucket", {});
    suppressCheckov(bucket, "CKV_AWS_18", "it is a log itself");
    bucket.overrideLogicalId("renamed");
  });
  expect(found.resource).toBe("renamed");
});

test("suppresses key policy checks on the policy document", () => {
  const found = suppressions(
    (stack) =>
      new EncryptionKey(stack, "Key", { account: "111111111111", alias: "alias/a", description: "a" }),
  );
  expect(found.map(({ checkId }) => checkId)).toEqual(["CKV_AWS_109", "CKV_AWS_111", "CKV_AWS_356"]);
  for (const { resource } of found) expect(resource).toMatch(/^Key_KeyPolicy_[0-9A-F]{8}$/);
});

test("suppresses the replication check only without a second region", () => {
  expect(idsOf(false, "Bucket")).toEqual(["CKV2_AWS_62", "CKV_AWS_144"]);
  expect(idsOf(true, "Bucket")).toEqual(["CKV2_AWS_62"]);
});

test("suppresses the customer key check for the access log only", () => {
  expect(idsOf(true, "AccessLog")).toContain("CKV_AWS_145");
  expect(idsOf(true, "Bucket")).not.toContain("CKV_AWS_145");
});

test.each([
  [
    "an id that is not checkov's",
    "AVD-AWS-1",
    "why",
    'checkId must be one of checkov\'s, such as CKV_AWS_145, got "AVD-AWS-1"',
  ],
  ["an empty reason", "CKV_AWS_18", " ", "reason must say why CKV_AWS_18 does not apply, got an empty text"],
])("rejects %s", (_title, id, reason, message) => {
  expect(() =>
    suppressions((stack) => suppressCheckov(new S3Bucket(stack, "Bucket", {}), id, reason)),
  ).toThrow(message);
});
