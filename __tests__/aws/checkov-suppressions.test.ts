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

test("a suppression names its resource, check and reason", () => {
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

test("a renamed resource takes its suppression along", () => {
  const [found] = suppressions((stack) => {
    const bucket = new S3Bucket(stack, "Bucket", {});
    suppressCheckov(bucket, "CKV_AWS_18", "it is a log itself");
    bucket.overrideLogicalId("renamed");
  });
  expect(found.resource).toBe("renamed");
});

test("a key's policy is excused as a policy document, not as a key", () => {
  const found = suppressions(
    (stack) =>
      new EncryptionKey(stack, "Key", { account: "111111111111", alias: "alias/a", description: "a" }),
  );
  expect(found.map(({ checkId }) => checkId)).toEqual(["CKV_AWS_109", "CKV_AWS_111", "CKV_AWS_356"]);
  for (const { resource } of found) expect(resource).toMatch(/^Key_KeyPolicy_[0-9A-F]{8}$/);
});

test("missing replication is excused only where there is no second region", () => {
  expect(idsOf(false, "Bucket")).toEqual(["CKV2_AWS_62", "CKV_AWS_144"]);
  expect(idsOf(true, "Bucket")).toEqual(["CKV2_AWS_62"]);
});

test("the access log is excused from a customer key, and the snapshots are not", () => {
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
])("%s is refused", (_title, id, reason, message) => {
  expect(() =>
    suppressions((stack) => suppressCheckov(new S3Bucket(stack, "Bucket", {}), id, reason)),
  ).toThrow(message);
});
