import { type Case, testDangerous, testNamed } from "../support/matrix";
import type { Production } from "../support/production";

const kubernetesRole = (production: Production, name = "production-payment-service_Binding") =>
  production.resource("vault_kubernetes_auth_backend_role", name);
const jwtRole = (production: Production, name: string) =>
  production.resource("vault_jwt_auth_backend_role", name);

/** New role, user or group that has the policy `admin`, with its type, its key in a row, and its arguments. */
const ADMINS: readonly (readonly [type: string, key: string, body: object])[] = [
  [
    "vault_alicloud_auth_backend_role",
    "auth/alicloud role evil",
    { role: "evil", arn: "acs:ram::1:role/evil" },
  ],
  ["vault_approle_auth_backend_role", "auth/approle role evil", { role_name: "evil" }],
  ["vault_aws_auth_backend_role", "auth/aws role evil", { role: "evil", auth_type: "iam" }],
  ["vault_azure_auth_backend_role", "auth/azure role evil", { role: "evil" }],
  ["vault_cert_auth_backend_role", "auth/cert role evil", { name: "evil", certificate: "pem" }],
  ["vault_gcp_auth_backend_role", "auth/gcp role evil", { role: "evil", type: "iam" }],
  ["vault_github_team", "auth/github group evil", { team: "evil" }],
  ["vault_github_user", "auth/github user evil", { user: "evil" }],
  ["vault_jwt_auth_backend_role", "auth/jwt role evil", { role_name: "evil", user_claim: "sub" }],
  ["vault_kubernetes_auth_backend_role", "auth/kubernetes role evil", { role_name: "evil" }],
  ["vault_ldap_auth_backend_group", "auth/ldap group evil", { groupname: "evil" }],
  ["vault_ldap_auth_backend_user", "auth/ldap user evil", { username: "evil" }],
  ["vault_oci_auth_backend_role", "auth/oci role evil", { name: "evil" }],
  ["vault_okta_auth_backend_group", "auth/okta group evil", { group_name: "evil" }],
  ["vault_okta_auth_backend_user", "auth/okta user evil", { username: "evil" }],
  ["vault_saml_auth_backend_role", "auth/saml role evil", { name: "evil" }],
  ["vault_scep_auth_backend_role", "auth/scep role evil", { name: "evil" }],
  ["vault_spiffe_auth_backend_role", "auth/spiffe role evil", { name: "evil", mount: "spiffe" }],
  ["vault_token_auth_backend_role", "auth/token token role evil", { role_name: "evil" }],
  ["vault_token", "auth/token token", { display_name: "evil" }],
  ["vault_identity_entity", "identity entity evil", { name: "evil" }],
  ["vault_identity_group", "identity group evil", { name: "evil", type: "internal" }],
];

/** Arguments that give the policy. */
const policiesOf = (type: string) =>
  type === "vault_token_auth_backend_role"
    ? "allowed_policies"
    : /_(role)$/.test(type)
      ? "token_policies"
      : "policies";

describe("access diff of production: new logins", () => {
  testDangerous(
    ADMINS.map(([type, key, body]): Case => [
      `a new ${type} with the policy admin`,
      (production) => production.add(type, { ...body, [policiesOf(type)]: ["admin"] }),
      key,
      "sudo",
    ]),
  );

  testDangerous([
    [
      "a second resource for the role of a service, which any ServiceAccount can use",
      (production) =>
        production.add("vault_kubernetes_auth_backend_role", {
          ...kubernetesRole(production),
          bound_service_account_names: ["*"],
        }),
      "auth/kubernetes role payment-service",
      "written 2 times",
    ],
    [
      "everyone of an LDAP mount gets the policy admin",
      (production) => production.add("vault_ldap_auth_backend", { path: "ldap", token_policies: ["admin"] }),
      "auth/ldap",
      "sudo",
    ],
    [
      "everyone of GitHub's organization gets the policy admin",
      (production) =>
        production.add("vault_github_auth_backend", { organization: "example", token_policies: ["admin"] }),
      "auth/github",
      "sudo",
    ],
    [
      "the policies of a group by a resource of their own",
      (production) =>
        production.add("vault_identity_group_policies", {
          group_id: "${vault_identity_group.People_Auditor_FD930159.id}",
          exclusive: false,
          policies: ["admin"],
        }),
      "identity group auditor",
      "sudo",
    ],
    [
      "the policies of an entity by a resource of their own",
      (production) => {
        production.add("vault_identity_entity", { name: "bob" });
        production.add("vault_identity_entity_policies", {
          entity_id: "${vault_identity_entity.Added.id}",
          policies: ["admin"],
        });
      },
      "identity entity bob",
      "sudo",
    ],
    [
      "a role whose policies only Terraform knows",
      (production) =>
        production.add("vault_kubernetes_auth_backend_role", {
          role_name: "x",
          bound_service_account_names: ["x"],
          bound_service_account_namespaces: ["production"],
          token_policies: "${var.policies}",
        }),
      "auth/kubernetes role x",
      "unreadable",
    ],
  ]);
});

describe("access diff of production: conditions of logins", () => {
  testDangerous([
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
      "tokens of a service can be renewed for ever",
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

describe("access diff of production: entities, groups and second factors", () => {
  const alias = (production: Production, name: string) =>
    production.resource("vault_identity_group_alias", `People_${name}`);

  testDangerous([
    [
      "all employees become administrators",
      (production) => (alias(production, "Admin").name = "all-employees"),
      "identity group admin",
      "powerful login",
    ],
    [
      "operators and administrators are swapped",
      (production) => {
        alias(production, "Admin").name = "vault-operators";
        alias(production, "Operator").name = "vault-admins";
      },
      "identity group admin",
      "powerful login",
    ],
    [
      "another mount names the members of administrators",
      (production) =>
        (alias(production, "Admin").mount_accessor =
          "${vault_jwt_auth_backend.Pipelines_Auth_E8FBC3E7.accessor}"),
      "identity group admin",
      "powerful login",
    ],
    [
      "the alias of operators names the group of administrators",
      (production) =>
        (alias(production, "Operator").canonical_id = "${vault_identity_group.People_Admin_DFDD76CF.id}"),
      "identity group admin",
      "powerful login",
    ],
    [
      "members of a group by a resource of their own",
      (production) =>
        production.add("vault_identity_group_member_entity_ids", {
          group_id: "${vault_identity_group.People_Admin_DFDD76CF.id}",
          member_entity_ids: ["4f1c"],
        }),
      "member_entity_ids",
    ],
    [
      "a group whose members are a group of administrators",
      (production) =>
        production.add("vault_identity_group_member_group_ids", {
          group_id: "${vault_identity_group.People_Admin_DFDD76CF.id}",
          member_group_ids: ["4f1c"],
        }),
      "member_group_ids",
    ],
    [
      "administrators get members in the code",
      (production) =>
        Object.assign(production.resource("vault_identity_group", "People_Admin"), {
          member_entity_ids: ["4f1c"],
        }),
      "identity group admin",
      "powerful login",
    ],
    [
      "the group of auditors gets the policy admin",
      (production) => production.resource("vault_identity_group", "People_Auditor").policies.push("admin"),
      "identity group auditor",
      "sudo",
    ],
    [
      "policies of a group are managed outside",
      (production) =>
        (production.resource("vault_identity_group", "People_Auditor").external_policies = true),
      "external_policies",
      "trust",
    ],
    [
      "an alias of an entity that is not in the code",
      (production) =>
        production.add("vault_identity_entity_alias", {
          name: "mallory",
          mount_accessor: "${vault_auth_backend.People_Auth_18D0D402.accessor}",
          canonical_id: "4f1c",
        }),
      "entity alias",
      "trust",
    ],
    [
      "no second factor for administrators",
      (production) => production.remove("vault_identity_mfa_login_enforcement"),
      "login enforcement",
      "trust",
    ],
    [
      "the second factor is for another group",
      (production) =>
        (production.resource("vault_identity_mfa_login_enforcement").identity_group_ids = [
          "${vault_identity_group.People_Auditor_FD930159.id}",
        ]),
      "identity_group_ids",
      "trust",
    ],
    [
      "another second factor suffices",
      (production) => production.resource("vault_identity_mfa_login_enforcement").mfa_method_ids.push("4f1c"),
      "mfa_method_ids",
      "trust",
    ],
    [
      "any number of attempts at a second factor",
      (production) => delete production.resource("vault_identity_mfa_totp").max_validation_attempts,
      "max_validation_attempts",
      "trust",
    ],
    [
      "an entity for everyone's OIDC client",
      (production) =>
        production.add("vault_identity_oidc_assignment", {
          name: "all",
          entity_ids: ["*"],
          group_ids: ["*"],
        }),
      "oidc assignment all",
      "trust",
    ],
    [
      "a key signs for any client",
      (production) => production.add("vault_identity_oidc_key", { name: "k", allowed_client_ids: ["*"] }),
      "oidc key k",
      "trust",
    ],
    [
      "a role of the OIDC provider with a template",
      (production) =>
        production.add("vault_identity_oidc_role", { name: "r", key: "k", template: '{"groups":"admins"}' }),
      "oidc role r",
      "trust",
    ],
    [
      "a scope with other claims",
      (production) => production.add("vault_identity_oidc_scope", { name: "s", template: '{"admin":true}' }),
      "oidc scope s",
      "trust",
    ],
    [
      "another issuer of identity tokens",
      (production) => production.add("vault_identity_oidc", { issuer: "https://issuer.example" }),
      "identity oidc",
      "trust",
    ],
  ]);

  testNamed([
    [
      "a further second factor",
      (production) => production.add("vault_identity_mfa_duo", { name: "duo", secret_key: "x" }),
      "identity mfa duo",
    ],
    [
      "a further group whose members need a second factor",
      (production) =>
        production
          .resource("vault_identity_mfa_login_enforcement")
          .identity_group_ids.push("${vault_identity_group.People_Operator_362395F2.id}"),
      "identity_group_ids",
    ],
  ]);
});
