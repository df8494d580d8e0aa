import { anyone, json } from "../support/aws-edits";
import { testDangerous } from "../support/matrix";
import type { Production } from "../support/production";

const FOREIGN = { principals: [{ type: "AWS", identifiers: ["arn:aws:iam::999999999999:root"] }] };

const share = (production: Production) =>
  production.resource("aws_secretsmanager_secret", "RecoveryKeys_Share1");
const SHARE = "${aws_secretsmanager_secret.RecoveryKeys_Share1_AE6D66CD.arn}";

describe("access diff of production: recovery shares", () => {
  testDangerous([
    [
      "the bootstrap reads all shares",
      (production) =>
        production.statements("Bootstrap_Permissions")[0].actions.push("secretsmanager:GetSecretValue"),
      "production-vault-bootstrap",
      "recovery shares",
    ],
    [
      "the bootstrap reads all shares at once",
      (production) => production.statements("Bootstrap_Permissions")[0].actions.push("secretsmanager:*"),
      "production-vault-bootstrap",
      "recovery shares",
    ],
    [
      "another custodian reads a share",
      (production) =>
        production
          .statements("RecoveryKeys_Share1PolicyDocument")[0]
          .principals[0].identifiers.push("arn:aws:iam::333333333333:role/vault-custodian-2"),
      "recovery shares",
    ],
    [
      "the denial for others than the custodian is gone",
      (production) => production.statements("RecoveryKeys_Share1PolicyDocument").splice(2, 1),
      "recovery shares",
    ],
    [
      "a share's policy is gone",
      (production) => production.remove("aws_secretsmanager_secret_policy", "RecoveryKeys_Share1"),
      "recovery shares",
    ],
    [
      "an inline policy for anyone",
      (production) =>
        (share(production).policy = json({
          Effect: "Allow",
          Principal: "*",
          Action: "secretsmanager:GetSecretValue",
          Resource: "*",
        })),
      "recovery shares",
    ],
    ["another key encrypts a share", (production) => delete share(production).kms_key_id, "kms_key_id"],
    [
      "a copy of a share in another region",
      (production) => (share(production).replica = [{ region: "eu-west-1" }]),
      "replica",
    ],
    [
      "a share is deleted at once",
      (production) => (share(production).recovery_window_in_days = 0),
      "recovery_window",
    ],
    [
      "a share is gone",
      (production) => production.remove("aws_secretsmanager_secret", "RecoveryKeys_Share1"),
      "destroys",
    ],
    ["Terraform can destroy a share", (production) => delete share(production).lifecycle, "recovery shares"],
    [
      "a share in Terraform's state",
      (production) =>
        production.add("aws_secretsmanager_secret_version", {
          secret_id: SHARE,
          secret_string: "${var.share}",
        }),
      "secret_version",
    ],
    [
      "a function rotates a share",
      (production) =>
        production.add("aws_secretsmanager_secret_rotation", {
          secret_id: SHARE,
          rotation_lambda_arn: "arn:aws:lambda:us-east-1:333333333333:function:x",
        }),
      "rotation",
    ],
    [
      "Terraform reads a share",
      (production) => {
        production.stack("foundation").data.aws_secretsmanager_secret_version = {
          Added: { secret_id: SHARE },
        };
      },
      "aws_secretsmanager_secret_version",
    ],
    [
      "another account uses the key of the shares",
      (production) =>
        production
          .statements("RecoveryKeys_Key")
          .push({ actions: ["kms:Decrypt"], resources: ["*"], ...FOREIGN }),
      "account 999999999999",
      "recovery shares",
    ],
    [
      "a condition of the key of the shares is gone",
      (production) => delete production.statements("RecoveryKeys_Key")[1].condition,
      "recovery shares",
    ],
  ]);
});

describe("access diff of production: Terraform's state", () => {
  testDangerous([
    [
      "anyone reads the state",
      (production) =>
        production.statements("State_PolicyDocument").push({
          actions: ["s3:GetObject"],
          resources: ["arn:aws:s3:::vault-platform-state-333333333333-us-west-2/*"],
          ...anyone,
        }),
      "s3:GetObject",
    ],
    [
      "public access to the state is possible",
      (production) => production.remove("aws_s3_bucket_public_access_block", "State_"),
      "public_access_block",
    ],
    [
      "another account decrypts the state",
      (production) =>
        production.statements("StateKey").push({ actions: ["kms:Decrypt"], resources: ["*"], ...FOREIGN }),
      "account 999999999999",
    ],
    [
      "the state has no versions",
      (production) =>
        (production.resource("aws_s3_bucket_versioning", "State_").versioning_configuration.status =
          "Suspended"),
      "versioning",
    ],
  ]);
});
