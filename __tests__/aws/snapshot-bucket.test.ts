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

test("snapshots are locked for 30 days by default, and nobody can shorten that", () => {
  expect(withProps().resource("aws_s3_bucket_object_lock_configuration").rule).toEqual({
    default_retention: { mode: "COMPLIANCE", days: 30 },
  });
});

test("the lock and the expiry follow the retention", () => {
  const output = withProps({ retention: Duration.days(90) });
  expect(output.resource("aws_s3_bucket_object_lock_configuration").rule.default_retention.days).toBe(90);
  const rules = output.resources("aws_s3_bucket_lifecycle_configuration").flatMap(({ rule }) => rule);
  expect(rules.map((rule) => rule.expiration?.[0].days)).toContain(90);
});

test("a day is the shortest retention", () => {
  const output = withProps({ retention: Duration.days(1) });
  expect(output.resource("aws_s3_bucket_object_lock_configuration").rule.default_retention.days).toBe(1);
});

test("locks and copies come after the versions, without which S3 refuses both", () => {
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

test("snapshots are encrypted under a key of their own that rotates", () => {
  const output = withProps();
  expect(output.resource("aws_kms_key").enable_key_rotation).toBe(true);
  const algorithms = output
    .resources("aws_s3_bucket_server_side_encryption_configuration")
    .map(({ rule }) => rule[0].apply_server_side_encryption_by_default.sse_algorithm);
  expect(algorithms.sort()).toEqual(["AES256", "aws:kms"]);
});

test("both buckets are versioned, closed to the public and protected from a plan that destroys", () => {
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

test.each(["DenyPlaintext", "DenyOldTls"])("the bucket's policy has %s", (sid) => {
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
])("%s refuses an upload only when it names something else", (sid, variable, allowed) => {
  const statement = withProps()
    .statements("Bucket/PolicyDocument")
    .find((item) => item.sid === sid);
  expect(statement).toMatchObject({ effect: "Deny", actions: ["s3:PutObject"] });
  expect(statement?.condition).toEqual([
    { test: "StringNotEquals", variable, values: [allowed] },
    { test: "Null", variable, values: ["false"] },
  ]);
});

test("an upload under a key that the caller sends is refused: nobody else could restore it", () => {
  const statement = withProps()
    .statements("Bucket/PolicyDocument")
    .find((item) => item.sid === "DenyKeysOfCallers");
  expect(statement).toMatchObject({ effect: "Deny", actions: ["s3:PutObject"] });
  expect(statement?.condition).toEqual([
    { test: "Null", variable: "s3:x-amz-server-side-encryption-customer-algorithm", values: ["false"] },
  ]);
});

test("the access log accepts the log service, for this bucket and account", () => {
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

test("replication copies into a locked, encrypted bucket of the other region and hands on no deletion", () => {
  const output = replicated();
  const [rule] = output.resource("aws_s3_bucket_replication_configuration").rule;
  expect(rule.delete_marker_replication).toEqual({ status: "Disabled" });
  expect(rule.source_selection_criteria).toEqual({ sse_kms_encrypted_objects: { status: "Enabled" } });
  expect(rule.destination.encryption_configuration.replica_kms_key_id).toContain("ReplicaKey");
  expect(output.resources("aws_s3_bucket_object_lock_configuration")).toHaveLength(2);
  const elsewhere = output.resources("aws_s3_bucket").filter(({ provider }) => provider === "aws.replica");
  expect(elsewhere.map(({ bucket }) => bucket)).toEqual(["logs-of-copies", "copies"]);
});

test("every part of the copy is made in the replica region", () => {
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

test("accesses to the copies are logged in their own region, because S3 logs to no other", () => {
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

test("a retention that is not whole days is refused", () => {
  expect(() => withProps({ retention: Duration.hours(36) })).toThrow(
    "retention must be whole days, one at least, got 36h [test/Snapshots]",
  );
});

test.each([
  ["the copies", () => replicated("snapshots"), "snapshots"],
  ["the access log", () => withProps({ accessLogBucketName: "snapshots" }), "snapshots"],
  ["the copies' access log", () => replicated("copies", "logs"), "logs"],
])("%s under a name that another bucket has is refused", (_title, build, name) => {
  expect(build).toThrow(
    `names of buckets, access logs and copies must all differ, got "${name}" twice [test/Snapshots]`,
  );
});

test("plaintext and TLS below 1.2 are refused, on the bucket and on its objects", () => {
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

test("object lock is on from the start for snapshots and copies, because it cannot be turned on later", () => {
  const locked = replicated()
    .resources("aws_s3_bucket")
    .filter(({ object_lock_enabled }) => object_lock_enabled === true)
    .map(({ bucket }) => bucket);
  expect(locked.sort()).toEqual(["copies", "snapshots"]);
});
