import { isDangerous } from "../../access/changes";
import {
  type Edit,
  add,
  anyone,
  changes,
  DECRYPT,
  json,
  permit,
  resource,
  statements,
  UNSEAL,
} from "./support/aws-edits";

describe("access diff of AWS", () => {
  it.each<[string, Edit, string]>([
    [
      "a boundary vanishes",
      (s) => delete resource(s, "aws_iam_role", "Backup").permissions_boundary,
      "protection",
    ],
    [
      "a boundary permits more",
      (s) => permit(s, "BoundaryDocument", { actions: ["*"], resources: ["*"] }),
      "protection",
    ],
    [
      "Deny becomes Allow",
      (s) => (statements(s, "Unseal_KeyPolicy").find((it) => it.effect === "Deny")!.effect = "Allow"),
      "unseal key",
    ],
    [
      "a condition of a denial gets another exception",
      (s) =>
        statements(s, "Unseal_KeyPolicy")
          .find((it) => it.effect === "Deny")!
          .condition[0].values.push("arn:aws:iam::333333333333:role/other"),
      "unseal key",
    ],
    [
      "a condition of a permission vanishes",
      (s) => delete statements(s, "Backup_Permissions")[1].condition,
      "protection",
    ],
    ["anyone may decrypt", (s) => permit(s, "Unseal_KeyPolicy", { ...DECRYPT, ...anyone }), "unseal key"],
    [
      "the key's policy is JSON for anyone",
      (s) =>
        (resource(s, "aws_kms_key", "Unseal").policy = json({
          Effect: "Allow",
          Principal: "*",
          Action: "kms:*",
          Resource: "*",
        })),
      "unseal key",
    ],
    [
      "the key's policy is an expression",
      (s) => (resource(s, "aws_kms_key", "Unseal").policy = '${file("policy.json")}'),
      "unreadable",
    ],
    ["the key loses its policy", (s) => delete resource(s, "aws_kms_key", "Unseal").policy, "unseal key"],
    [
      "a grant on the key",
      (s) =>
        add(s, "aws_kms_grant", {
          key_id: `\${${UNSEAL}.key_id}`,
          grantee_principal: "arn:aws:iam::333333333333:role/x",
          operations: ["Decrypt"],
        }),
      "unseal key",
    ],
    [
      "a share's policy vanishes",
      (s) => delete s.resource.aws_secretsmanager_secret_policy,
      "recovery shares",
    ],
    [
      "a share has an inline policy for anyone",
      (s) =>
        (resource(s, "aws_secretsmanager_secret", "RecoveryKeys_Share1").policy = json({
          Effect: "Allow",
          Principal: "*",
          Action: "secretsmanager:GetSecretValue",
          Resource: "*",
        })),
      "recovery shares",
    ],
    [
      "bootstrap may read the shares",
      (s) => statements(s, "Bootstrap_Permissions")[0].actions.push("secretsmanager:GetSecretValue"),
      "recovery shares",
    ],
    [
      "a user with everything",
      (s) => {
        add(s, "aws_iam_user", { name: "eve" });
        add(s, "aws_iam_user_policy", {
          user: "eve",
          policy: json({ Effect: "Allow", Action: "*", Resource: "*" }),
        });
      },
      "root",
    ],
    [
      "AdministratorAccess for a role",
      (s) =>
        add(s, "aws_iam_role_policy_attachment", {
          role: "production-vault-backup",
          policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess",
        }),
      "root",
    ],
    [
      "a managed policy that cannot be read",
      (s) =>
        (resource(s, "aws_iam_role", "Backup").managed_policy_arns = [
          "arn:aws:iam::aws:policy/SecretsManagerReadWrite",
        ]),
      "unreadable",
    ],
    [
      "an inline policy with all actions of a service",
      (s) =>
        (resource(s, "aws_iam_role", "Backup").inline_policy = [
          { name: "x", policy: json({ Effect: "Allow", Action: "kms:*", Resource: "*" }) },
        ]),
      "unseal key",
    ],
    [
      "a role trusts another account",
      (s) =>
        permit(s, "Unseal_Role_Trust", {
          actions: ["sts:AssumeRole"],
          principals: [{ type: "AWS", identifiers: ["arn:aws:iam::999999999999:root"] }],
        }),
      "foreign account",
    ],
    [
      "a condition of a trust vanishes",
      (s) => statements(s, "Unseal_Role_Trust")[0].condition.splice(0, 1),
      "trust",
    ],
    [
      "a trust is an expression",
      (s) => (resource(s, "aws_iam_role", "Unseal").assume_role_policy = "${local.trust}"),
      "unreadable",
    ],
    [
      "anyone reads the snapshots",
      (s) => permit(s, "Snapshots_Bucket_Policy", { actions: ["s3:GetObject"], resources: ["*"], ...anyone }),
      "whole storage",
    ],
    [
      "deploy may pass the unseal role",
      (s) => permit(s, "Deploy_Permissions", { actions: ["iam:PassRole"], resources: ["*"] }),
      "trust",
    ],
    [
      "public access is no longer blocked",
      (s) => delete s.resource.aws_s3_bucket_public_access_block,
      "protection",
    ],
    [
      "one switch of the public access block is off",
      (s) =>
        (resource(s, "aws_s3_bucket_public_access_block", "Snapshots_Bucket").block_public_policy = false),
      "whole storage",
    ],
    [
      "snapshots are locked for a shorter time",
      (s) => (resource(s, "aws_s3_bucket_object_lock_configuration").rule.default_retention.days = 1),
      "protection",
    ],
    [
      "snapshots are locked for administrators no more",
      (s) =>
        (resource(s, "aws_s3_bucket_object_lock_configuration").rule.default_retention.mode = "GOVERNANCE"),
      "protection",
    ],
    [
      "snapshots are replicated to another bucket",
      (s) =>
        (resource(s, "aws_s3_bucket_replication_configuration").rule[0].destination.bucket =
          "arn:aws:s3:::foreign"),
      "whole storage",
    ],
    [
      "snapshots are encrypted with AWS's key",
      (s) =>
        (resource(s, "aws_s3_bucket_server_side_encryption_configuration", "Snapshots_Bucket").rule = [
          { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } },
        ]),
      "protection",
    ],
    [
      "versions are kept no more",
      (s) =>
        (resource(s, "aws_s3_bucket_versioning", "Snapshots_Bucket").versioning_configuration = {
          status: "Suspended",
        }),
      "protection",
    ],
    [
      "snapshots expire earlier",
      (s) =>
        (resource(s, "aws_s3_bucket_lifecycle_configuration", "Snapshots_Bucket").rule[0].expiration = [
          { days: 1 },
        ]),
      "protection",
    ],
    [
      "a key is deleted sooner",
      (s) => (resource(s, "aws_kms_key", "Unseal").deletion_window_in_days = 7),
      "unseal key",
    ],
    [
      "a key does not rotate",
      (s) => (resource(s, "aws_kms_key", "Unseal").enable_key_rotation = false),
      "unseal key",
    ],
    [
      "a plan may destroy the key",
      (s) => delete resource(s, "aws_kms_key", "Unseal").lifecycle,
      "unseal key",
    ],
    [
      "the alias names another key",
      (s) =>
        (resource(s, "aws_kms_alias", "Unseal_Alias").target_key_id =
          "${aws_kms_key.Snapshots_Key_4567620F.key_id}"),
      "protection",
    ],
    [
      "a share is deleted at once",
      (s) => (resource(s, "aws_secretsmanager_secret", "RecoveryKeys_Share2").recovery_window_in_days = 0),
      "recovery shares",
    ],
    [
      "a pod gets the unseal role",
      (s) =>
        add(s, "aws_eks_pod_identity_association", {
          cluster_name: "production",
          namespace: "x",
          service_account: "y",
          role_arn: "${aws_iam_role.Unseal_Role_61B50967.arn}",
        }),
      "trust",
    ],
    [
      "an access entry of the cluster",
      (s) =>
        add(s, "aws_eks_access_policy_association", {
          cluster_name: "production",
          principal_arn: "arn:aws:iam::333333333333:role/x",
          policy_arn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
          access_scope: { type: "cluster" },
        }),
      "root",
    ],
    ["an access key", (s) => add(s, "aws_iam_access_key", { user: "eve" }), "trust"],
  ])("is dangerous if %s", (_title, edit, label) => {
    const found = changes(edit);
    expect(found.filter(isDangerous).flatMap(({ labels }) => labels)).toContain(label);
    expect(found.filter(isDangerous).every(({ direction }) => direction !== "narrower")).toBe(true);
  });
});
