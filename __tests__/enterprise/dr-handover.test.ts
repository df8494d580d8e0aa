import type { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { Lazy, TerraformStack, Testing } from "cdktf";
import {
  DrHandover,
  type DrHandoverProps,
  drHandoverStatements,
} from "../../constructs/enterprise/dr-handover";
import { synthesize } from "../support/synth";

const role = (name: string, account = "111111111111") => `arn:aws:iam::${account}:role/${name}`;
const location = {
  account: "111111111111",
  region: "us-west-2",
  keyAlias: "alias/dr-vault-handover",
  publicKeySecret: "dr/vault/dr-public-key",
  tokenSecret: "dr/vault/dr-token",
};
const props: DrHandoverProps = {
  ...location,
  licence: { secretName: "vault-licence", key: "licence" },
  primaryRoleArn: role("production-vault-dr-replication"),
  secondaryRoleArn: role("dr-vault-dr-replication"),
  breakGlassPrincipal: role("break-glass"),
};

const withProps = (change: Partial<DrHandoverProps> = {}) =>
  synthesize((stack) => new DrHandover(stack, "Handover", { ...props, ...change }));

const statement = (container: string, wanted: string, change?: Partial<DrHandoverProps>) =>
  withProps(change)
    .statements(`${container}PolicyDocument`)
    .find(({ sid }) => sid === wanted);

test("creates a container without a value for each value, encrypted with one key", () => {
  const output = withProps();
  const secrets = output.resources("aws_secretsmanager_secret");
  expect(secrets.map(({ name }) => name)).toEqual(["dr/vault/dr-public-key", "dr/vault/dr-token"]);
  for (const secret of secrets) expect(secret.kms_key_id).toContain("Handover_Key");
  expect(output.resources("aws_secretsmanager_secret_version")).toEqual([]);
  for (const policy of output.resources("aws_secretsmanager_secret_policy")) {
    expect(policy.block_public_policy).toBe(true);
  }
});

test.each([
  ["PublicKey", props.secondaryRoleArn],
  ["Token", props.primaryRoleArn],
])("allows one role to write %s and denies all others", (container, writer) => {
  expect(statement(container, "OneSideWrites")).toMatchObject({
    actions: ["secretsmanager:PutSecretValue"],
    condition: [{ test: "ArnEquals", variable: "aws:PrincipalArn", values: [writer] }],
  });
  const denial = statement(container, "NobodyElseWrites");
  expect(denial).toMatchObject({
    effect: "Deny",
    principals: [{ type: "AWS", identifiers: ["*"] }],
    condition: [{ test: "ArnNotEquals", variable: "aws:PrincipalArn", values: [writer] }],
  });
  expect(denial?.actions).toEqual(
    expect.arrayContaining(["secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"]),
  );
});

test.each(["PublicKey", "Token"])(
  "lets only the break-glass principal change the policy of %s",
  (container) => {
    expect(statement(container, "OnlyBreakGlassChangesWriters")).toMatchObject({
      effect: "Deny",
      actions: ["secretsmanager:PutResourcePolicy", "secretsmanager:DeleteResourcePolicy"],
      condition: [{ test: "ArnNotEquals", variable: "aws:PrincipalArn", values: [role("break-glass")] }],
    });
  },
);

test("names accounts as principals and limits reading and key use to the two roles", () => {
  const change = { primaryRoleArn: role("primary", "222222222222") };
  const expected = {
    principals: [
      { type: "AWS", identifiers: ["arn:aws:iam::111111111111:root", "arn:aws:iam::222222222222:root"] },
    ],
  };
  const bothRoles = {
    test: "ArnEquals",
    variable: "aws:PrincipalArn",
    values: [change.primaryRoleArn, props.secondaryRoleArn],
  };
  expect(statement("Token", "BothSidesRead", change)).toMatchObject({ ...expected, condition: [bothRoles] });
  const key = withProps(change)
    .statements("KeyPolicy")
    .find(({ sid }) => sid === "BothSidesUse");
  expect(key).toMatchObject({ ...expected, actions: ["kms:GenerateDataKey", "kms:Decrypt"] });
  expect(key?.condition).toEqual([
    bothRoles,
    {
      test: "StringEquals",
      variable: "kms:ViaService",
      values: ["secretsmanager.us-west-2.amazonaws.com"],
    },
  ]);
});

test.each([
  ["primary", "dr/vault/dr-public-key", "dr/vault/dr-token"],
  ["secondary", "dr/vault/dr-token", "dr/vault/dr-public-key"],
] as const)("lets the role of the %s's Job read one container and write the other", (side, read, written) => {
  const arn = (name: string) => `arn:aws:secretsmanager:us-west-2:111111111111:secret:${name}-??????`;
  expect(drHandoverStatements(side, location)).toEqual([
    {
      sid: "ReadTheOthersContainer",
      actions: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      resources: [arn(read)],
    },
    {
      sid: "WriteItsOwn",
      actions: ["secretsmanager:DescribeSecret", "secretsmanager:PutSecretValue"],
      resources: [arn(written)],
    },
    {
      sid: "UseTheirKey",
      actions: ["kms:GenerateDataKey", "kms:Decrypt"],
      resources: ["arn:aws:kms:us-west-2:111111111111:key/*"],
      condition: [
        {
          test: "ForAnyValue:StringEquals",
          variable: "kms:ResourceAliases",
          values: ["alias/dr-vault-handover"],
        },
        {
          test: "StringEquals",
          variable: "kms:ViaService",
          values: ["secretsmanager.us-west-2.amazonaws.com"],
        },
      ],
    },
  ]);
});

test("returns the region and two different containers", () => {
  const handover = new DrHandover(new TerraformStack(Testing.app(), "test"), "Handover", props);
  expect(handover.reference.region).toBe("us-west-2");
  expect(handover.reference.publicKeySecret).not.toBe(handover.reference.tokenSecret);
});

test.each<[string, Partial<DrHandoverProps>, string]>([
  ["no licence", { licence: undefined }, "the hand-over of DR replication needs Vault Enterprise"],
  [
    "a pattern of roles",
    { secondaryRoleArn: role("*") },
    "secondaryRoleArn must be the ARN of one role or user, without wildcards",
  ],
  ["a pattern for breaking the glass", { breakGlassPrincipal: role("*") }, "breakGlassPrincipal must be"],
  [
    "one role on both sides",
    { secondaryRoleArn: props.primaryRoleArn },
    `primaryRoleArn and secondaryRoleArn must differ, so that each container has one writer, got "${props.primaryRoleArn}" for both`,
  ],
  [
    "a role that only Terraform will know",
    { primaryRoleArn: Lazy.stringValue({ produce: () => role("later") }) },
    "primaryRoleArn must be known at synthesis",
  ],
])("rejects %s", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
  expect(() => withProps(change)).toThrow("[test/Handover");
});

test("gives access to a container for overrides", () => {
  const output = synthesize((stack) => {
    const handover = new DrHandover(stack, "Handover", props);
    (handover.node.findChild("Token") as SecretsmanagerSecret).addOverride("recovery_window_in_days", 7);
  });
  expect(output.resources("aws_secretsmanager_secret").map((it) => it.recovery_window_in_days)).toEqual([
    30, 7,
  ]);
});
