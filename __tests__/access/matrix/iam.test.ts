import { anyone, DECRYPT, json, UNSEAL } from "../support/aws-edits";
import type { Stack } from "../support/golden-platform";
import { testDangerous, testNamed } from "../support/matrix";
import type { Production } from "../support/production";

const FOREIGN = "arn:aws:iam::999999999999:root";
const BACKUP = "production-vault-backup";
const EVERYTHING = { Effect: "Allow", Action: "*", Resource: "*" };

const role = (production: Production, name: string) => production.resource("aws_iam_role", name);
const inline = (production: Production, ...statements: object[]) =>
  production.add("aws_iam_role_policy", { role: BACKUP, policy: json(...statements) });

describe("access diff of production: roles, users and policies of AWS", () => {
  testDangerous([
    [
      "all roles lose their boundary",
      (production) => {
        for (const it of Object.values(production.all("aws_iam_role")) as Stack[])
          delete it.permissions_boundary;
      },
      "boundary",
      "protection",
    ],
    [
      "the boundary permits everything",
      (production) => production.statements("BoundaryDocument").push({ actions: ["*"], resources: ["*"] }),
      "protection",
    ],
    [
      "a role has another boundary",
      (production) =>
        (role(production, "Backup").permissions_boundary = "arn:aws:iam::aws:policy/AdministratorAccess"),
      BACKUP,
      "protection",
    ],
    [
      "a user with everything",
      (production) => {
        production.add("aws_iam_user", { name: "eve" });
        production.add("aws_iam_user_policy", { user: "eve", policy: json(EVERYTHING) });
      },
      "eve",
      "root",
    ],
    [
      "a user of AdministratorAccess",
      (production) => {
        production.add("aws_iam_user", { name: "eve" });
        production.add("aws_iam_user_policy_attachment", {
          user: "eve",
          policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess",
        });
      },
      "eve",
      "root",
    ],
    [
      "a password of a user",
      (production) => production.add("aws_iam_user_login_profile", { user: "eve" }),
      "login_profile",
    ],
    [
      "a user in a group",
      (production) => production.add("aws_iam_user_group_membership", { user: "eve", groups: ["admins"] }),
      "membership",
    ],
    [
      "a group with everything",
      (production) => {
        production.add("aws_iam_group", { name: "all" });
        production.add("aws_iam_group_policy", { group: "all", policy: json(EVERYTHING) });
      },
      "all",
      "root",
    ],
    [
      "everything in JSON with one value each",
      (production) => inline(production, EVERYTHING),
      BACKUP,
      "root",
    ],
    [
      "everything by jsonencode",
      (production) =>
        production.add("aws_iam_role_policy", {
          role: BACKUP,
          policy:
            '${jsonencode({Version = "2012-10-17", Statement = [{Effect = "Allow", Action = "*", Resource = "*"}]})}',
        }),
      BACKUP,
      "root",
    ],
    [
      "everything but one action",
      (production) => inline(production, { Effect: "Allow", NotAction: "s3:PutObject", Resource: "*" }),
      BACKUP,
      "root",
    ],
    [
      "everything but one object",
      (production) =>
        inline(production, { Effect: "Allow", Action: "kms:*", NotResource: "arn:aws:kms:::key/x" }),
      BACKUP,
      "unseal key",
    ],
    [
      "an attachment of a policy to several",
      (production) =>
        production.add("aws_iam_policy_attachment", {
          name: "x",
          roles: [BACKUP],
          policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess",
        }),
      BACKUP,
    ],
    [
      "a managed policy whose text is not known",
      (production) =>
        production.add("aws_iam_role_policy_attachment", {
          role: BACKUP,
          policy_arn: "arn:aws:iam::333333333333:policy/other",
        }),
      BACKUP,
      "unreadable",
    ],
    [
      "a role may pass roles",
      (production) => inline(production, { Effect: "Allow", Action: "iam:PassRole", Resource: "*" }),
      BACKUP,
    ],
    [
      "a role may write policies",
      (production) => inline(production, { Effect: "Allow", Action: "iam:PutRolePolicy", Resource: "*" }),
      BACKUP,
    ],
    [
      "a role may assume the one that unseals",
      (production) =>
        inline(production, {
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Resource: "arn:aws:iam::333333333333:role/*",
        }),
      BACKUP,
    ],
    [
      "the deployment may write roles without a boundary",
      (production) => {
        for (const it of production.statements("Deploy_Permissions")) {
          if (JSON.stringify(it.actions).includes("iam:")) delete it.condition;
        }
      },
      "production-vault-deploy",
    ],
  ]);
});

describe("access diff of production: trusts of AWS", () => {
  testDangerous([
    [
      "another account assumes the role that unseals",
      (production) =>
        production
          .statements("Unseal_Role_Trust")
          .push({ actions: ["sts:AssumeRole"], principals: [{ type: "AWS", identifiers: [FOREIGN] }] }),
      "production-vault",
      "foreign account",
    ],
    [
      "anyone assumes the role of backups",
      (production) => production.statements("Backup_Trust").push({ actions: ["sts:AssumeRole"], ...anyone }),
      BACKUP,
    ],
    [
      "anyone, by jsonencode",
      (production) =>
        (role(production, "Backup").assume_role_policy =
          '${jsonencode({Version = "2012-10-17", Statement = [{Effect = "Allow", Action = "sts:AssumeRole", Principal = "*"}]})}'),
      BACKUP,
      "foreign account",
    ],
    [
      "any ServiceAccount of the cluster",
      (production) => production.statements("Unseal_Role_Trust")[0].condition.shift(),
      "production-vault",
      "trust",
    ],
    [
      "ServiceAccounts by a pattern",
      (production) =>
        (production.statements("Unseal_Role_Trust")[0].condition[0] = {
          test: "StringLike",
          variable: "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLEPRODUCTION0000000000000003:sub",
          values: ["system:serviceaccount:*:*"],
        }),
      "production-vault",
      "trust",
    ],
    [
      "another ServiceAccount",
      (production) =>
        production
          .statements("Unseal_Role_Trust")[0]
          .condition[0].values.push("system:serviceaccount:production:x"),
      "production-vault",
      "trust",
    ],
    [
      "pull requests assume the role of deployments",
      (production) =>
        production
          .statements("Deploy_Trust")[0]
          .condition[1].values.push("repo:example/vault-platform:pull_request"),
      "production-vault-deploy",
      "trust",
    ],
    [
      "any repository assumes the role of deployments",
      (production) => production.statements("Deploy_Trust")[0].condition.pop(),
      "production-vault-deploy",
      "trust",
    ],
    [
      "any repository of an organization assumes the role of deployments",
      (production) =>
        Object.assign(production.statements("Deploy_Trust")[0].condition[1], {
          test: "StringLike",
          values: ["repo:example/*"],
        }),
      "production-vault-deploy",
      "trust",
    ],
    [
      "a condition holds for keys that are absent",
      (production) => (production.statements("Deploy_Trust")[0].condition[1].test = "StringEqualsIfExists"),
      "production-vault-deploy",
      "trust",
    ],
    [
      "a condition holds for none of several values",
      (production) =>
        (production.statements("Deploy_Trust")[0].condition[1].test = "ForAllValues:StringEquals"),
      "production-vault-deploy",
      "trust",
    ],
    [
      "tokens for another audience",
      (production) => production.resource("aws_iam_openid_connect_provider").client_id_list.push("other"),
      "openid",
    ],
    [
      "another identity provider",
      (production) =>
        production.add("aws_iam_openid_connect_provider", {
          url: "https://issuer.example",
          client_id_list: ["sts.amazonaws.com"],
        }),
      "issuer.example",
    ],
    [
      "an identity provider by SAML",
      (production) => production.add("aws_iam_saml_provider", { name: "x", saml_metadata_document: "x" }),
      "saml",
    ],
    [
      "a pod with the role that unseals",
      (production) =>
        production.add("aws_eks_pod_identity_association", {
          cluster_name: "production",
          namespace: "production",
          service_account: "payment-service",
          role_arn: "${aws_iam_role.Unseal_Role_61B50967.arn}",
        }),
      "production-vault",
    ],
    [
      "an administrator of the cluster",
      (production) =>
        production.add("aws_eks_access_policy_association", {
          cluster_name: "production",
          principal_arn: "arn:aws:iam::333333333333:role/x",
          policy_arn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
          access_scope: { type: "cluster" },
        }),
      "role/x",
      "root",
    ],
    [
      "plans are administrators of the cluster",
      (production) =>
        (production.resource("aws_eks_access_entry", "Plan").kubernetes_groups = ["system:masters"]),
      "production-vault-plan",
    ],
    [
      "plans are in the group of deployments",
      (production) =>
        production.resource("aws_eks_access_entry", "Plan").kubernetes_groups.push("vault-platform:deploy"),
      "production-vault-plan",
    ],
    [
      "an entry of the cluster for another account",
      (production) =>
        production.add("aws_eks_access_entry", {
          cluster_name: "production",
          principal_arn: "arn:aws:iam::999999999999:role/x",
          kubernetes_groups: ["vault-platform:plan"],
        }),
      "999999999999",
    ],
    [
      "another identity provider for the cluster",
      (production) =>
        production.add("aws_eks_identity_provider_config", {
          cluster_name: "production",
          oidc: { client_id: "x", issuer_url: "https://issuer.example", identity_provider_config_name: "x" },
        }),
      "identity_provider_config",
    ],
  ]);

  testNamed([
    [
      "the backup may write fewer objects",
      (production) =>
        (production.statements("Backup_Permissions")[0].resources = [
          "arn:aws:s3:::vault-snapshots-production-333333333333-us-east-1/daily/*",
        ]),
      BACKUP,
    ],
  ]);
});

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
      "a policy of its own resource for anyone",
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
