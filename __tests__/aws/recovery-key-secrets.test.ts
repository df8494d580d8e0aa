import { RecoveryKeySecrets } from "../../constructs/aws/recovery-key-secrets";
import { synthesize } from "../support/synth";

const custodian = (share: number) => `arn:aws:iam::111111111111:role/custodian-${share}`;
const writer = "arn:aws:iam::111111111111:role/bootstrap";

const breakGlass = "arn:aws:iam::111111111111:role/break-glass";

const heldBy = (custodians: string[], bootstrap = writer) =>
  synthesize(
    (stack) =>
      new RecoveryKeySecrets(stack, "Recovery", {
        account: "111111111111",
        region: "us-east-1",
        keyAlias: "alias/recovery",
        secretName: (share) => `vault/recovery-key-${share}`,
        custodians,
        writer: bootstrap,
        breakGlassPrincipal: breakGlass,
      }),
  );

const five = [1, 2, 3, 4, 5].map(custodian);

test("creates one secret per share with a customer key and a 30-day recovery window", () => {
  const secrets = heldBy(five).resources("aws_secretsmanager_secret");
  expect(secrets.map(({ name }) => name)).toEqual(
    [1, 2, 3, 4, 5].map((share) => `vault/recovery-key-${share}`),
  );
  for (const secret of secrets) {
    expect(secret).toMatchObject({ recovery_window_in_days: 30, lifecycle: { prevent_destroy: true } });
    expect(secret.kms_key_id).toContain("Recovery_Key");
  }
});

test("blocks public policies on each secret", () => {
  const policies = heldBy(five).resources("aws_secretsmanager_secret_policy");
  expect(policies.map(({ block_public_policy }) => block_public_policy)).toEqual(Array(5).fill(true));
});

test("creates no secret versions in Terraform", () => {
  expect(heldBy(five).resources("aws_secretsmanager_secret_version")).toEqual([]);
});

test.each([1, 2, 3, 4, 5])(
  "grants reading share %i to its custodian, and denies all other principals",
  (share) => {
    const statements = heldBy(five).statements(`Share${share}PolicyDocument`);
    expect(statements.find(({ sid }) => sid === "CustodianReads")).toMatchObject({
      principals: [{ type: "AWS", identifiers: [custodian(share)] }],
      actions: ["secretsmanager:GetSecretValue"],
    });
    expect(statements.find(({ sid }) => sid === "NobodyElseReads")).toMatchObject({
      effect: "Deny",
      condition: [{ test: "ArnNotEquals", variable: "aws:PrincipalArn", values: [custodian(share)] }],
    });
  },
);

test.each([1, 2, 3, 4, 5])(
  "grants storing share %i to its custodian, and denies all but custodian and bootstrap Job",
  (share) => {
    const statements = heldBy(five).statements(`Share${share}PolicyDocument`);
    expect(statements.find(({ sid }) => sid === "CustodianStoresAfterRekey")).toMatchObject({
      principals: [{ type: "AWS", identifiers: [custodian(share)] }],
      actions: ["secretsmanager:PutSecretValue"],
    });
    const denials = statements.filter(
      ({ effect, actions }) => effect === "Deny" && actions.includes("secretsmanager:PutSecretValue"),
    );
    expect(denials).toEqual([
      expect.objectContaining({
        principals: [{ type: "AWS", identifiers: ["*"] }],
        condition: [
          { test: "ArnNotEquals", variable: "aws:PrincipalArn", values: [writer, custodian(share)] },
        ],
      }),
    ]);
  },
);

test.each(["UpdateSecret", "UpdateSecretVersionStage", "RotateSecret", "ReplicateSecretToRegions"])(
  "denies secretsmanager:%s to all principals except the bootstrap Job",
  (action) => {
    const denials = heldBy(five)
      .statements("Share1PolicyDocument")
      .filter(({ effect, actions }) => effect === "Deny" && actions.includes(`secretsmanager:${action}`));
    expect(denials).toEqual([
      expect.objectContaining({
        condition: [{ test: "ArnNotEquals", variable: "aws:PrincipalArn", values: [writer] }],
      }),
    ]);
  },
);

test.each(["secretsmanager:PutResourcePolicy", "secretsmanager:DeleteResourcePolicy"])(
  "denies %s to all principals except break-glass",
  (action) => {
    for (const share of [1, 2, 3, 4, 5]) {
      const denial = heldBy(five)
        .statements(`Share${share}PolicyDocument`)
        .find(({ sid }) => sid === "OnlyBreakGlassChangesReaders");
      expect(denial).toMatchObject({
        effect: "Deny",
        principals: [{ type: "AWS", identifiers: ["*"] }],
        condition: [{ test: "ArnNotEquals", variable: "aws:PrincipalArn", values: [breakGlass] }],
      });
      expect(denial?.actions).toContain(action);
    }
  },
);

test("includes replication to other regions in the deny statement OnlyBootstrapWrites", () => {
  const denial = heldBy(five)
    .statements("Share1PolicyDocument")
    .find(({ sid }) => sid === "OnlyBootstrapWrites");
  expect(denial?.actions).toContain("secretsmanager:ReplicateSecretToRegions");
});

test("grants custodians use of the key through Secrets Manager in the key policy", () => {
  const granted = heldBy(five)
    .statements("Key/KeyPolicy")
    .find(({ sid }) => sid === "CustodiansReadAndStore");
  expect(granted).toMatchObject({
    principals: [{ type: "AWS", identifiers: five }],
    actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    condition: [
      {
        test: "StringEquals",
        variable: "kms:ViaService",
        values: ["secretsmanager.us-east-1.amazonaws.com"],
      },
    ],
  });
});

test("rejects a wildcard in the ARN of a custodian or writer", () => {
  const pattern = "arn:aws:iam::111111111111:role/*";
  expect(() => heldBy([pattern])).toThrow(
    `custodians must be the ARN of one role or user, without wildcards, got "${pattern}" [test/Recovery]`,
  );
  expect(() => heldBy(five, pattern)).toThrow(
    `writer must be the ARN of one role or user, without wildcards, got "${pattern}" [test/Recovery]`,
  );
});

test("rejects the same custodian for two shares", () => {
  expect(() => heldBy([custodian(1), custodian(1)])).toThrow(
    `custodians must be different principals, one per share, got "${custodian(1)}" twice [test/Recovery]`,
  );
});

test("rejects an empty list of custodians", () => {
  expect(() => heldBy([])).toThrow("custodians must name one principal per share, got none");
});
