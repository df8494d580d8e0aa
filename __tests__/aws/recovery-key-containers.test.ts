import { RecoveryKeyContainers } from "../../constructs/aws/recovery-key-containers";
import { synthesize } from "../support/synth";

const custodian = (share: number) => `arn:aws:iam::111111111111:role/custodian-${share}`;
const writer = "arn:aws:iam::111111111111:role/bootstrap";

const heldBy = (custodians: string[]) =>
  synthesize(
    (stack) =>
      new RecoveryKeyContainers(stack, "Recovery", {
        account: "111111111111",
        keyAlias: "alias/recovery",
        secretName: (share) => `vault/recovery-key-${share}`,
        custodians,
        writer,
      }),
  );

const five = [1, 2, 3, 4, 5].map(custodian);

test("there is one container per share, under a key of their own, kept 30 days after a deletion", () => {
  const secrets = heldBy(five).resources("aws_secretsmanager_secret");
  expect(secrets.map(({ name }) => name)).toEqual(
    [1, 2, 3, 4, 5].map((share) => `vault/recovery-key-${share}`),
  );
  for (const secret of secrets) {
    expect(secret).toMatchObject({ recovery_window_in_days: 30, lifecycle: { prevent_destroy: true } });
    expect(secret.kms_key_id).toContain("Recovery_Key");
  }
});

test("Terraform never has a value to put in", () => {
  expect(heldBy(five).resources("aws_secretsmanager_secret_version")).toEqual([]);
});

test.each([1, 2, 3, 4, 5])("share %i is read by its own custodian and by nobody else", (share) => {
  const statements = heldBy(five).statements(`Share${share}PolicyDocument`);
  expect(statements.find(({ sid }) => sid === "CustodianReads")).toMatchObject({
    principals: [{ type: "AWS", identifiers: [custodian(share)] }],
    actions: ["secretsmanager:GetSecretValue"],
  });
  expect(statements.find(({ sid }) => sid === "NobodyElseReads")).toMatchObject({
    effect: "Deny",
    condition: [{ test: "ArnNotEquals", variable: "aws:PrincipalArn", values: [custodian(share)] }],
  });
});

test("only the bootstrap Job writes", () => {
  const denial = heldBy(five)
    .statements("Share1PolicyDocument")
    .find(({ sid }) => sid === "OnlyBootstrapWrites");
  expect(denial).toMatchObject({
    effect: "Deny",
    condition: [{ test: "ArnNotEquals", variable: "aws:PrincipalArn", values: [writer] }],
  });
  expect(denial?.actions).toContain("secretsmanager:PutSecretValue");
});

test("a custodian of two shares is refused", () => {
  expect(() => heldBy([custodian(1), custodian(1)])).toThrow(
    `custodians must be different principals, one per share, got ${custodian(1)} twice [test/Recovery]`,
  );
});

test("no custodian at all is refused", () => {
  expect(() => heldBy([])).toThrow("custodians must name one principal per share, got none");
});
