import { anyone, DECRYPT, json, UNSEAL } from "../support/aws-edits";
import { testDangerous } from "../support/matrix";

const FOREIGN = "arn:aws:iam::999999999999:root";
const BACKUP = "production-vault-backup";

describe("access diff of production: the unseal key", () => {
  testDangerous([
    [
      "the denial that protects it is gone",
      (production) => production.statements("Unseal_KeyPolicy").pop(),
      "Deny",
      "protection",
    ],
    [
      "the denial becomes a permission",
      (production) => (production.statements("Unseal_KeyPolicy")[1].effect = "Allow"),
      "unseal key",
    ],
    [
      "the condition of the denial is for others",
      (production) =>
        production.statements("Unseal_KeyPolicy")[1].condition[0].values.push("arn:aws:iam::*:role/*"),
      "unseal key",
    ],
    [
      "the denial has fewer actions",
      (production) => production.statements("Unseal_KeyPolicy")[1].actions.shift(),
      "kms:ScheduleKeyDeletion",
      "unseal key",
    ],
    [
      "another account decrypts",
      (production) =>
        production.statements("Unseal_KeyPolicy").push({
          actions: ["kms:Decrypt"],
          resources: ["*"],
          principals: [{ type: "AWS", identifiers: [FOREIGN] }],
        }),
      "account 999999999999",
      "unseal key",
    ],
    [
      "anyone decrypts",
      (production) =>
        production
          .statements("Unseal_KeyPolicy")
          .push({ actions: ["kms:Decrypt"], resources: ["*"], ...anyone }),
      "kms:Decrypt",
      "unseal key",
    ],
    [
      "the role of backups decrypts",
      (production) => production.statements("Backup_Permissions").push(DECRYPT),
      BACKUP,
      "unseal key",
    ],
    [
      "the role of backups decrypts, by a list in lower case",
      (production) =>
        production
          .statements("Backup_Permissions")
          .push({ actions: ["KMS:decrypt"], resources: [`\${${UNSEAL}.arn}`] }),
      BACKUP,
      "unseal key",
    ],
    [
      "the role of backups re-encrypts",
      (production) =>
        production.statements("Backup_Permissions").push({ actions: ["kms:ReEncrypt*"], resources: ["*"] }),
      BACKUP,
      "unseal key",
    ],
    [
      "a grant",
      (production) =>
        production.add("aws_kms_grant", {
          key_id: `\${${UNSEAL}.key_id}`,
          grantee_principal: "arn:aws:iam::333333333333:role/x",
          operations: ["Decrypt"],
        }),
      "unseal key",
    ],
    [
      "a separate resource with a policy for anyone",
      (production) =>
        production.add("aws_kms_key_policy", {
          key_id: `\${${UNSEAL}.key_id}`,
          policy: json({ Effect: "Allow", Principal: { AWS: ["*"] }, Action: ["kms:*"], Resource: ["*"] }),
        }),
      "unseal key",
    ],
    [
      "the key is disabled",
      (production) => (production.resource("aws_kms_key", "Unseal").is_enabled = false),
      "unseal key",
    ],
    ["the key is gone", (production) => production.remove("aws_kms_key", "Unseal"), "destroys"],
    ["the replica is gone", (production) => production.remove("aws_kms_replica_key"), "destroys"],
    [
      "the key is in a store outside",
      (production) => (production.resource("aws_kms_key", "Unseal").custom_key_store_id = "cks-1"),
      "unseal key",
    ],
    [
      "the role of Vault may not unseal any more with the replica, and may with all keys",
      (production) => (production.statements("Unseal_Role_Permissions")[0].resources = ["*"]),
      "production-vault",
    ],
    [
      "a key of others is made from the same material",
      (production) =>
        production.add("aws_kms_replica_key", {
          primary_key_arn: `\${${UNSEAL}.arn}`,
          provider: "aws.replica",
        }),
      "replica",
    ],
  ]);
});
