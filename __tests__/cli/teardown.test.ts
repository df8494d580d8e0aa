import { describe as render } from "../../cli/commands/destroy";
import { protectedAddresses } from "../../cli/teardown";

const bucket = "aws_s3_bucket.Snapshots";

test("keeps resources with prevent_destroy and the resources that protect a bucket", () => {
  const stays = protectedAddresses({
    resource: {
      aws_s3_bucket: {
        Snapshots: { lifecycle: { prevent_destroy: true } },
        Scratch: {},
      },
      aws_s3_bucket_policy: {
        Snapshots: { bucket: `\${${bucket}.id}` },
        Scratch: { bucket: "${aws_s3_bucket.Scratch.id}" },
      },
      aws_kms_key: { Unseal: { lifecycle: { prevent_destroy: true } } },
      // Refers to a retained resource without being part of it.
      aws_iam_role_policy: { Backup: { policy: `\${${bucket}.arn}` } },
    },
  });
  expect([...stays].sort()).toEqual(["aws_kms_key.Unseal", bucket, "aws_s3_bucket_policy.Snapshots"]);
});

test("keeps nothing of a stack without resources", () => {
  expect(protectedAddresses({})).toEqual(new Set());
});

test("lists each retained resource by name and counts the others", () => {
  const stack = { name: "dev-foundation", folder: "/stacks/dev-foundation" };
  const key = { address: "aws_kms_key.Unseal", type: "aws_kms_key", id: "mrk-1" };
  const role = { address: "aws_iam_role.Server", type: "aws_iam_role", id: "dev-vault" };
  expect(render([{ stack, stays: [key], goes: [role] }])).toBe(
    "dev-foundation: 1 resources go\n  stays: aws_kms_key.Unseal  mrk-1",
  );
});
