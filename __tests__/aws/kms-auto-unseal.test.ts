import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { KmsAutoUnseal, type KmsAutoUnsealProps } from "../../constructs/aws/kms-auto-unseal";
import { Duration } from "../../constructs/core/duration";
import { synthesize } from "../support/synth";

const props: KmsAutoUnsealProps = {
  account: "111111111111",
  breakGlassPrincipal: "arn:aws:iam::111111111111:role/break-glass",
  roleName: "vault",
  oidcProvider: "oidc.example.com/id/1",
  serviceAccount: { namespace: "vault", name: "vault" },
};

const withProps = (change: Partial<KmsAutoUnsealProps> = {}) =>
  synthesize((stack) => new KmsAutoUnseal(stack, "Unseal", { ...props, ...change }));

test("creates a rotated key with alias, 30-day deletion window and prevent_destroy, by default", () => {
  const output = withProps();
  expect(output.resource("aws_kms_alias")).toMatchObject({
    name: "alias/vault-unseal-key",
    lifecycle: { prevent_destroy: true },
  });
  expect(output.resource("aws_kms_key")).toMatchObject({
    enable_key_rotation: true,
    deletion_window_in_days: 30,
    lifecycle: { prevent_destroy: true },
    // Without this, AWS refuses a key if its creator may not change its policy.
    bypass_policy_lockout_safety_check: true,
  });
  expect(output.resource("aws_kms_key")).not.toHaveProperty("multi_region");
});

test("sets alias and deletion window", () => {
  const output = withProps({ alias: "alias/other", deletionWindow: Duration.days(7) });
  expect(output.resource("aws_kms_alias").name).toBe("alias/other");
  expect(output.resource("aws_kms_key").deletion_window_in_days).toBe(7);
});

test("grants Vault's role encrypt, decrypt and describe on the key only", () => {
  const [statement, ...others] = withProps().statements("Role/Permissions");
  expect(others).toEqual([]);
  expect(statement.actions).toEqual(["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey"]);
  expect(statement.resources).toEqual([expect.stringMatching(/^\$\{aws_kms_key\.[^}]+\.arn\}$/)]);
});

test("trusts only the given ServiceAccount", () => {
  const [statement] = withProps().statements("Role/Trust");
  expect(statement.actions).toEqual(["sts:AssumeRoleWithWebIdentity"]);
  expect(statement.condition).toEqual([
    {
      test: "StringEquals",
      variable: "oidc.example.com/id/1:sub",
      values: ["system:serviceaccount:vault:vault"],
    },
    { test: "StringEquals", variable: "oidc.example.com/id/1:aud", values: ["sts.amazonaws.com"] },
  ]);
});

test.each([
  "kms:ScheduleKeyDeletion",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:PutKeyPolicy",
  "kms:UpdateAlias",
  "kms:DeleteAlias",
])("denies %s to all principals except break-glass", (action) => {
  const denial = withProps()
    .statements("KeyPolicy")
    .find(({ effect }) => effect === "Deny");
  expect(denial?.actions).toContain(action);
  expect(denial?.principals).toEqual([{ type: "AWS", identifiers: ["*"] }]);
  expect(denial?.condition).toEqual([
    {
      test: "ArnNotEquals",
      variable: "aws:PrincipalArn",
      values: ["arn:aws:iam::111111111111:role/break-glass"],
    },
  ]);
});

test("creates a multi-Region key and a replica with the same alias and policy", () => {
  const output = synthesize((stack) => {
    const replicaProvider = new AwsProvider(stack, "Replica", { alias: "replica", region: "us-west-2" });
    new KmsAutoUnseal(stack, "Unseal", { ...props, replicaProvider });
  });
  const key = output.resource("aws_kms_key");
  const replica = output.resource("aws_kms_replica_key");
  expect(key.multi_region).toBe(true);
  expect(replica).toMatchObject({
    provider: "aws.replica",
    policy: key.policy,
    lifecycle: { prevent_destroy: true },
  });
  const alias = { name: "alias/vault-unseal-key", lifecycle: { prevent_destroy: true } };
  expect(output.resources("aws_kms_alias")).toEqual([alias, alias].map((it) => expect.objectContaining(it)));
  expect(output.statements("Role/Permissions")[0].resources).toHaveLength(2);
});

test.each<[string, Partial<KmsAutoUnsealProps>, string]>([
  [
    "an alias of AWS's own",
    { alias: "alias/aws/s3" },
    'alias must start with alias/ and not with alias/aws/, got "alias/aws/s3"',
  ],
  ["an alias without its prefix", { alias: "vault" }, 'got "vault"'],
  [
    "a window of 6 days",
    { deletionWindow: Duration.days(6) },
    "deletionWindow must be 7 to 30 whole days, got 144h",
  ],
  ["a window of 31 days", { deletionWindow: Duration.days(31) }, "got 744h"],
  ["a window of half a day", { deletionWindow: Duration.hours(180) }, "got 180h"],
  [
    "a wildcard as break-glass principal",
    { breakGlassPrincipal: "arn:aws:iam::111111111111:role/*" },
    'without wildcards, got "arn:aws:iam::111111111111:role/*"',
  ],
])("rejects %s, and names the value and the construct", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
  expect(() => withProps(change)).toThrow("[test/Unseal]");
});

test("exposes the key as node.defaultChild", () => {
  const output = synthesize((stack) => {
    const unseal = new KmsAutoUnseal(stack, "Unseal", props);
    (unseal.node.defaultChild as KmsKey).addOverride("rotation_period_in_days", 90);
  });
  expect(output.resource("aws_kms_key").rotation_period_in_days).toBe(90);
});
