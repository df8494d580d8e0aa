import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SnapshotBucket, type SnapshotBucketProps } from "../../constructs/aws/snapshot-bucket";
import { Duration } from "../../constructs/core/duration";
import { synthesize } from "../support/synth";

const props: SnapshotBucketProps = {
  account: "111111111111",
  bucketName: "snapshots",
  accessLogBucketName: "logs",
  keyAlias: "alias/snapshots",
};

const withProps = (change: Partial<SnapshotBucketProps> = {}) =>
  synthesize((stack) => new SnapshotBucket(stack, "Snapshots", { ...props, ...change }));

const replicated = (bucketName = "copies", accessLogBucketName = "logs-of-copies") =>
  synthesize((stack) => {
    const provider = new AwsProvider(stack, "Replica", { alias: "replica", region: "us-west-2" });
    new SnapshotBucket(stack, "Snapshots", {
      ...props,
      replication: { provider, bucketName, accessLogBucketName, roleName: "copy" },
    });
  });

test("locks snapshots for 30 days in compliance mode by default", () => {
  expect(withProps().resource("aws_s3_bucket_object_lock_configuration").rule).toEqual({
    default_retention: { mode: "COMPLIANCE", days: 30 },
  });
});

test("sets lock and expiry to the retention", () => {
  const output = withProps({ retention: Duration.days(90) });
  expect(output.resource("aws_s3_bucket_object_lock_configuration").rule.default_retention.days).toBe(90);
  const rules = output.resources("aws_s3_bucket_lifecycle_configuration").flatMap(({ rule }) => rule);
  expect(rules.map((rule) => rule.expiration?.[0].days)).toContain(90);
});

test("accepts a retention of one day", () => {
  const output = withProps({ retention: Duration.days(1) });
  expect(output.resource("aws_s3_bucket_object_lock_configuration").rule.default_retention.days).toBe(1);
});

test("creates locks and replication after versioning", () => {
  const versioning = (bucket: string) =>
    expect.stringMatching(new RegExp(`^aws_s3_bucket_versioning\\.Snapshots_${bucket}_`));
  const output = replicated();
  const locks = output.resources("aws_s3_bucket_object_lock_configuration");
  expect(locks.flatMap(({ depends_on }) => depends_on)).toEqual([
    versioning("Bucket"),
    versioning("ReplicaBucket"),
  ]);
  expect(output.resource("aws_s3_bucket_replication_configuration").depends_on).toEqual([
    versioning("Bucket"),
    versioning("ReplicaBucket"),
    expect.stringMatching(/^aws_iam_role_policy\./),
  ]);
});

test("rotates the snapshot key, and encrypts one bucket with KMS and one with AES256", () => {
  const output = withProps();
  expect(output.resource("aws_kms_key").enable_key_rotation).toBe(true);
  const algorithms = output
    .resources("aws_s3_bucket_server_side_encryption_configuration")
    .map(({ rule }) => rule[0].apply_server_side_encryption_by_default.sse_algorithm);
  expect(algorithms.sort()).toEqual(["AES256", "aws:kms"]);
});

test("enables versioning, public access blocks and prevent_destroy on both buckets", () => {
  const output = withProps();
  expect(output.resources("aws_s3_bucket").map(({ lifecycle }) => lifecycle)).toEqual([
    { prevent_destroy: true },
    { prevent_destroy: true },
  ]);
  expect(
    output.resources("aws_s3_bucket_versioning").map((it) => it.versioning_configuration.status),
  ).toEqual(["Enabled", "Enabled"]);
  for (const block of output.resources("aws_s3_bucket_public_access_block")) {
    expect(block).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  }
});

test.each(["DenyPlaintext", "DenyOldTls"])("includes the deny statement %s in the bucket policy", (sid) => {
  const statement = withProps()
    .statements("Bucket/PolicyDocument")
    .find((item) => item.sid === sid);
  expect(statement?.effect).toBe("Deny");
});

test.each([
  [
    "DenyOtherKeys",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
    expect.stringContaining("Snapshots_Key"),
  ],
  ["DenyOtherAlgorithms", "s3:x-amz-server-side-encryption", "aws:kms"],
])("%s denies an upload only if it names another value", (sid, variable, allowed) => {
  const statement = withProps()
    .statements("Bucket/PolicyDocument")
    .find((item) => item.sid === sid);
  expect(statement).toMatchObject({ effect: "Deny", actions: ["s3:PutObject"] });
  expect(statement?.condition).toEqual([
    { test: "StringNotEquals", variable, values: [allowed] },
    { test: "Null", variable, values: ["false"] },
  ]);
});

test("denies uploads with a customer-provided key", () => {
  const statement = withProps()
    .statements("Bucket/PolicyDocument")
    .find((item) => item.sid === "DenyKeysOfCallers");
  expect(statement).toMatchObject({ effect: "Deny", actions: ["s3:PutObject"] });
  expect(statement?.condition).toEqual([
    { test: "Null", variable: "s3:x-amz-server-side-encryption-customer-algorithm", values: ["false"] },
  ]);
});

test("accepts log delivery for the bucket and account only", () => {
  const output = withProps();
  const allowed = output.statements("AccessLog/PolicyDocument").find(({ sid }) => sid === "AllowLogDelivery");
  expect(allowed?.condition).toEqual([
    { test: "StringEquals", variable: "aws:SourceAccount", values: ["111111111111"] },
    { test: "ArnEquals", variable: "aws:SourceArn", values: ["arn:aws:s3:::snapshots"] },
  ]);
  // S3 refuses a log bucket before its policy exists.
  expect(output.resource("aws_s3_bucket_logging").depends_on).toEqual([
    expect.stringMatching(/^aws_s3_bucket_policy\..*AccessLog/),
  ]);
});

test("replicates to a locked, encrypted bucket in the other region without delete markers", () => {
  const output = replicated();
  const [rule] = output.resource("aws_s3_bucket_replication_configuration").rule;
  expect(rule.delete_marker_replication).toEqual({ status: "Disabled" });
  expect(rule.source_selection_criteria).toEqual({ sse_kms_encrypted_objects: { status: "Enabled" } });
  expect(rule.destination.encryption_configuration.replica_kms_key_id).toContain("ReplicaKey");
  expect(output.resources("aws_s3_bucket_object_lock_configuration")).toHaveLength(2);
  const elsewhere = output.resources("aws_s3_bucket").filter(({ provider }) => provider === "aws.replica");
  expect(elsewhere.map(({ bucket }) => bucket)).toEqual(["logs-of-copies", "copies"]);
});

test("creates keys, logging, policies and lifecycle rules of the copy in the replica region", () => {
  const output = replicated();
  for (const [type, count] of [
    ["aws_kms_key", 1],
    ["aws_kms_alias", 1],
    ["aws_s3_bucket_logging", 1],
    ["aws_s3_bucket_policy", 2],
    ["aws_s3_bucket_lifecycle_configuration", 2],
  ] as const) {
    expect(output.resources(type).filter(({ provider }) => provider === "aws.replica")).toHaveLength(count);
  }
});

test("logs access to the copies to a bucket in the replica region", () => {
  const output = replicated();
  const log = output.resources("aws_s3_bucket_logging").find(({ provider }) => provider === "aws.replica");
  expect(log).toMatchObject({
    target_bucket: expect.stringContaining("ReplicaAccessLog"),
    target_prefix: "copies/",
  });
  const allowed = output
    .statements("ReplicaAccessLog/PolicyDocument")
    .find(({ sid }) => sid === "AllowLogDelivery");
  expect(allowed?.condition).toContainEqual({
    test: "ArnEquals",
    variable: "aws:SourceArn",
    values: ["arn:aws:s3:::copies"],
  });
});

test("rejects a retention that is not whole days", () => {
  expect(() => withProps({ retention: Duration.hours(36) })).toThrow(
    "retention must be whole days, one at least, got 36h [test/Snapshots]",
  );
});

test.each([
  ["the copies", () => replicated("snapshots"), "snapshots"],
  ["the access log", () => withProps({ accessLogBucketName: "snapshots" }), "snapshots"],
  ["the copies' access log", () => replicated("copies", "logs"), "logs"],
])("rejects %s under the name of another bucket", (_title, build, name) => {
  expect(build).toThrow(
    `names of buckets, access logs and copies must all differ, got "${name}" twice [test/Snapshots]`,
  );
});

test("denies plaintext and TLS below 1.2 on the bucket and its objects", () => {
  const byId = new Map(
    withProps()
      .statements("Bucket/PolicyDocument")
      .map((statement) => [statement.sid, statement]),
  );
  const condition = (sid: string) => byId.get(sid)?.condition;
  expect(condition("DenyPlaintext")).toEqual([
    { test: "Bool", variable: "aws:SecureTransport", values: ["false"] },
  ]);
  expect(condition("DenyOldTls")).toEqual([
    { test: "NumericLessThan", variable: "s3:TlsVersion", values: ["1.2"] },
  ]);
  for (const sid of ["DenyPlaintext", "DenyOldTls"]) {
    expect(byId.get(sid)).toMatchObject({
      actions: ["s3:*"],
      principals: [{ type: "AWS", identifiers: ["*"] }],
      resources: [expect.stringMatching(/\.arn\}$/), expect.stringMatching(/\.arn\}\/\*$/)],
    });
  }
});

test("enables object lock on creation for snapshots and copies", () => {
  const locked = replicated()
    .resources("aws_s3_bucket")
    .filter(({ object_lock_enabled }) => object_lock_enabled === true)
    .map(({ bucket }) => bucket);
  expect(locked.sort()).toEqual(["copies", "snapshots"]);
});
