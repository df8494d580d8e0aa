import { anyone } from "../support/aws-edits";
import { testDangerous, testNamed } from "../support/matrix";
import type { Production } from "../support/production";

const FOREIGN = "arn:aws:iam::999999999999:root";
const BACKUP = "production-vault-backup";

const role = (production: Production, name: string) => production.resource("aws_iam_role", name);

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
