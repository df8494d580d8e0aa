import { type Case, testDangerous, testNamed } from "../support/matrix";
import type { Production } from "../support/production";

const kubernetesRole = (production: Production, name = "production-payment-service_Binding") =>
  production.resource("vault_kubernetes_auth_backend_role", name);
const jwtRole = (production: Production, name: string) =>
  production.resource("vault_jwt_auth_backend_role", name);

/** Argument of a login that has a powerful policy. */
const argument = (type: string, before: object, after: object, ...expected: readonly string[]): Case => {
  const role = { role_name: "app", name: "app", token_policies: ["vault-backup"] };
  return [
    `${type}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}`,
    [
      (production) => production.add(type, { ...role, ...before }),
      (production) => production.add(type, { ...role, ...after }),
    ],
    ...expected,
    "powerful login",
  ];
};

describe("access diff of production: conditions of logins", () => {
  testDangerous([
    argument(
      "vault_approle_auth_backend_role",
      { secret_id_num_uses: 1 },
      { secret_id_num_uses: 0 },
      "secret_id_num_uses",
    ),
    argument(
      "vault_approle_auth_backend_role",
      { bind_secret_id: true },
      { bind_secret_id: false },
      "bind_secret_id",
    ),
    argument(
      "vault_approle_auth_backend_role",
      { secret_id_bound_cidrs: ["10.0.0.0/8"] },
      {},
      "secret_id_bound_cidrs",
    ),
    argument("vault_cert_auth_backend_role", { certificate: "one" }, { certificate: "two" }, "certificate"),
    argument(
      "vault_cert_auth_backend_role",
      { allowed_common_names: ["app"] },
      { allowed_common_names: ["*"] },
      "allowed_common_names *",
    ),
    argument(
      "vault_aws_auth_backend_role",
      { bound_iam_principal_arns: ["arn:aws:iam::333333333333:role/app"] },
      { bound_iam_principal_arns: ["arn:aws:iam::333333333333:*"] },
      "bound_iam_principal_arns",
    ),
    argument(
      "vault_aws_auth_backend_role",
      { bound_account_ids: ["333333333333"] },
      { bound_account_ids: ["333333333333", "999999999999"] },
      "999999999999",
    ),
    argument(
      "vault_azure_auth_backend_role",
      { bound_subscription_ids: ["a"] },
      { bound_subscription_ids: ["a", "b"] },
      "bound_subscription_ids",
    ),
    argument(
      "vault_gcp_auth_backend_role",
      { bound_service_accounts: ["a@x"] },
      { bound_service_accounts: ["*"] },
      "bound_service_accounts *",
    ),
    argument(
      "vault_kubernetes_auth_backend_role",
      { token_bound_cidrs: ["10.0.0.0/8"] },
      {},
      "token_bound_cidrs",
    ),
    argument(
      "vault_saml_auth_backend_role",
      { bound_subjects: ["a"] },
      { bound_subjects: ["*"] },
      "bound_subjects *",
    ),
    [
      "any ServiceAccount of its namespace uses the role of a service",
      (production) => (kubernetesRole(production).bound_service_account_names = ["*"]),
      "bound_service_account_names *",
      "wildcard",
    ],
    [
      "ServiceAccounts of any namespace use the role of a service",
      (production) => (kubernetesRole(production).bound_service_account_namespaces = ["*"]),
      "bound_service_account_namespaces *",
      "wildcard",
    ],
    [
      "a selector of namespaces admits further ServiceAccounts",
      (production) =>
        (kubernetesRole(production).bound_service_account_namespace_selector = '{"matchLabels":{}}'),
      "bound_service_account_namespace_selector",
      "cross-namespace",
    ],
    [
      "another namespace can take the snapshots",
      (production) =>
        kubernetesRole(production, "Jobs_Backup").bound_service_account_namespaces.push("production"),
      "auth/kubernetes role vault-backup",
      "powerful login",
    ],
    [
      "another ServiceAccount can take the snapshots",
      (production) => kubernetesRole(production, "Jobs_Backup").bound_service_account_names.push("reports"),
      "auth/kubernetes role vault-backup",
      "powerful login",
    ],
    [
      "tokens for other audiences log in",
      (production) => delete kubernetesRole(production).audience,
      "no longer limited by audience",
    ],
    [
      "the role of a service gets the policy of the snapshots",
      (production) => kubernetesRole(production).token_policies.push("vault-backup"),
      "auth/kubernetes role payment-service",
      "whole storage",
    ],
    [
      "the role of a service gets the policy root",
      (production) => kubernetesRole(production).token_policies.push("root"),
      "auth/kubernetes role payment-service",
      "[root",
    ],
    [
      "tokens of a service can be renewed without limit",
      (production) => (kubernetesRole(production).token_period = 3600),
      "for ever",
      "no end",
    ],
    [
      "pull requests can deploy",
      (production) => {
        delete jwtRole(production, "Pipelines_Deploy").bound_claims.environment;
      },
      "auth/github role deploy",
      "powerful login",
    ],
    [
      "another repository can deploy",
      (production) => (jwtRole(production, "Pipelines_Deploy").bound_claims.repository += ",example/fork"),
      "example/fork",
      "powerful login",
    ],
    [
      "any branch can deploy",
      (production) =>
        Object.assign(jwtRole(production, "Pipelines_Deploy"), {
          bound_claims: { environment: "production", ref: "*", repository: "example/vault-platform" },
          bound_claims_type: "glob",
        }),
      "bound_claims.ref *",
      "wildcard",
    ],
    [
      "claims with wildcards count as patterns by an expression",
      (production) => (jwtRole(production, "Pipelines_Deploy").bound_claims_type = "${var.claims_type}"),
      "bound_claims_type",
    ],
    [
      "plans get the policy of deployments",
      (production) => jwtRole(production, "Pipelines_Plan").token_policies.push("deploy"),
      "auth/github role plan",
      "sudo",
    ],
    [
      "tokens of GitHub for other audiences can deploy",
      (production) => delete jwtRole(production, "Pipelines_Deploy").bound_audiences,
      "no longer limited by bound_audiences",
      "powerful login",
    ],
    [
      "another claim names the user of a pipeline",
      (production) => (jwtRole(production, "Pipelines_Deploy").user_claim = "actor"),
      "user_claim",
      "trust",
    ],
    [
      "another claim becomes metadata of a pipeline",
      (production) => (jwtRole(production, "Pipelines_Deploy").claim_mappings.actor = "repository_owner"),
      "claim_mappings",
      "trust",
    ],
    [
      "everyone of the identity provider logs in",
      (production) => delete jwtRole(production, "People_Auth_Role").bound_claims,
      "no longer limited by bound_claims.groups",
    ],
    [
      "another claim names the groups",
      (production) => (jwtRole(production, "People_Auth_Role").groups_claim = "roles"),
      "groups_claim",
      "trust",
    ],
    [
      "logins return to another address",
      (production) =>
        jwtRole(production, "People_Auth_Role").allowed_redirect_uris.push("https://evil.example/cb"),
      "https://evil.example/cb",
    ],
    [
      "everyone who logs in gets the policy admin",
      (production) => jwtRole(production, "People_Auth_Role").token_policies.push("admin"),
      "auth/oidc role people",
      "sudo",
    ],
    [
      "a clock may differ by a day",
      (production) => (jwtRole(production, "Pipelines_Deploy").expiration_leeway = 86400),
      "expiration_leeway",
      "trust",
    ],
    [
      "another issuer of pipelines",
      (production) =>
        Object.assign(production.resource("vault_jwt_auth_backend", "Pipelines"), {
          oidc_discovery_url: "https://issuer.example",
          bound_issuer: "https://issuer.example",
        }),
      "oidc_discovery_url",
      "trust",
    ],
    [
      "keys of pipelines from another place",
      (production) => {
        const auth = production.resource("vault_jwt_auth_backend", "Pipelines");
        delete auth.oidc_discovery_url;
        auth.jwks_url = "https://issuer.example/keys";
      },
      "jwks_url",
      "trust",
    ],
    [
      "a login of the mount without a role uses one by default",
      (production) => (production.resource("vault_jwt_auth_backend", "Pipelines").default_role = "deploy"),
      "default_role",
      "trust",
    ],
    [
      "another cluster proves ServiceAccounts",
      (production) =>
        (production.resource("vault_kubernetes_auth_backend_config").kubernetes_host =
          "https://other.example"),
      "kubernetes_host",
      "trust",
    ],
    [
      "issuers of ServiceAccounts count no longer",
      (production) =>
        (production.resource("vault_kubernetes_auth_backend_config").disable_iss_validation = true),
      "disable_iss_validation",
      "trust",
    ],
  ]);

  testNamed([
    [
      "a service's tokens live longer",
      (production) => (kubernetesRole(production).token_max_ttl = 172800),
      "tokens live at most 1d -> 2d",
    ],
    [
      "a role that nothing needs any more",
      (production) => production.remove("vault_kubernetes_auth_backend_role", "Jobs_Drill"),
      "auth/kubernetes role vault-drill",
    ],
  ]);
});
