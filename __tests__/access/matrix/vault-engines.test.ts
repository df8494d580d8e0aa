import { testDangerous, testNamed } from "../support/matrix";
import type { Production } from "../support/production";

const connection = (production: Production) =>
  production.resource("vault_database_secret_backend_connection");
const databaseRole = (production: Production) => production.resource("vault_database_secret_backend_role");
const pkiRole = (production: Production) => production.resource("vault_pki_secret_backend_role");
const PKI = "${vault_mount.Pki_Intermediate_B1A13EBC.path}";

describe("access diff of production: databases", () => {
  testDangerous([
    [
      "credentials of an administrator",
      (production) => databaseRole(production).creation_statements.push('ALTER ROLE "{{name}}" SUPERUSER;'),
      "payment-service-role",
      "database admin",
    ],
    [
      "a role of the service that administers databases",
      (production) => databaseRole(production).creation_statements.push('GRANT rds_superuser TO "{{name}}";'),
      "payment-service-role",
      "database admin",
    ],
    [
      "a role of the service that runs programs of the database server",
      (production) =>
        databaseRole(production).creation_statements.push('GRANT pg_execute_server_program TO "{{name}}";'),
      "payment-service-role",
      "database admin",
    ],
    [
      "SQL by an expression",
      (production) => (databaseRole(production).creation_statements = ["${var.sql}"]),
      "payment-service-role",
      "unreadable",
    ],
    [
      "another database",
      (production) =>
        (connection(production).postgresql.connection_url =
          "postgresql://{{username}}:{{password}}@evil.example:5432/payments?sslmode=verify-full"),
      "payments-db",
      "evil.example",
    ],
    [
      "every role uses the connection",
      (production) => (connection(production).allowed_roles = ["*"]),
      "allowed_roles *",
      "wildcard",
    ],
    [
      "the connection is gone",
      (production) => production.remove("vault_database_secret_backend_connection"),
      "payments-db",
      "destroys",
    ],
    [
      "inline connections of a mount",
      (production) =>
        production.add("vault_database_secrets_mount", {
          path: "db",
          postgresql: [{ name: "a", connection_url: "postgresql://evil.example/x", allowed_roles: ["*"] }],
        }),
      "db",
      "engine config",
    ],
    [
      "a static role for an administrator of the database",
      (production) =>
        production.add("vault_database_secret_backend_static_role", {
          backend: "database",
          name: "root",
          db_name: "payments-db",
          username: "postgres",
          rotation_period: 86400,
          rotation_statements: ['ALTER ROLE "{{name}}" SUPERUSER'],
        }),
      "root",
      "database admin",
    ],
  ]);

  testNamed([
    [
      "a role of another name",
      (production) => connection(production).allowed_roles.push("reports-role"),
      "allowed_roles",
    ],
    [
      "credentials live longer",
      (production) => (databaseRole(production).max_ttl = 172800),
      "payment-service-role",
    ],
    [
      "the revocation changes",
      (production) => databaseRole(production).revocation_statements.push("SELECT 1;"),
      "payment-service-role",
    ],
  ]);
});

describe("access diff of production: certificates and keys", () => {
  testDangerous([
    [
      "certificates for any name",
      (production) => (pkiRole(production).allow_any_name = true),
      "payment-service",
      "wildcard",
    ],
    [
      "certificates with wildcards",
      (production) => (pkiRole(production).allow_wildcard_certificates = true),
      "payment-service",
    ],
    [
      "certificates for globs",
      (production) => (pkiRole(production).allow_glob_domains = true),
      "payment-service",
    ],
    [
      "ACME without accounts that are known",
      (production) =>
        production.add("vault_pki_secret_backend_config_acme", {
          backend: PKI,
          enabled: true,
          eab_policy: "not-required",
          default_directory_policy: "sign-verbatim",
        }),
      "config acme pki",
      "key material",
    ],
    [
      "certificates by EST",
      (production) =>
        production.add("vault_pki_secret_backend_config_est", {
          backend: PKI,
          enabled: true,
          default_path_policy: "sign-verbatim",
          authenticators: [{ cert: { accessor: "x" } }],
        }),
      "config est",
    ],
    [
      "certificates by CMPv2",
      (production) =>
        production.add("vault_pki_secret_backend_config_cmpv2", {
          backend: PKI,
          enabled: true,
          default_path_policy: "sign-verbatim",
        }),
      "config cmpv2",
    ],
    [
      "certificates by SCEP",
      (production) =>
        production.add("vault_pki_secret_backend_config_scep", {
          backend: PKI,
          enabled: true,
          default_path_policy: "sign-verbatim",
        }),
      "config scep",
    ],
    [
      "another certificate authority",
      (production) =>
        production.add("vault_pki_secret_backend_config_ca", { backend: PKI, pem_bundle: "pem" }),
      "config ca",
      "key material",
    ],
    [
      "the newest issuer is the default one",
      (production) =>
        (production.resource(
          "vault_pki_secret_backend_config_issuers",
          "Pki_Intermediate",
        ).default_follows_latest_issuer = true),
      "default_follows_latest_issuer",
      "key material",
    ],
    [
      "another default issuer",
      (production) =>
        (production.resource("vault_pki_secret_backend_config_issuers", "Pki_Intermediate").default =
          "other"),
      "config issuers",
      "key material",
    ],
    [
      "certificates outlive their issuer",
      (production) =>
        (production.resource("vault_pki_secret_backend_issuer", "Pki_Intermediate").leaf_not_after_behavior =
          "permit"),
      "leaf_not_after_behavior",
      "key material",
    ],
    [
      "nobody can see that certificates are revoked",
      (production) =>
        (production.resource("vault_pki_secret_backend_crl_config", "Pki_Intermediate").disable = true),
      "disable",
      "key material",
    ],
    [
      "the issuing authority can make further ones",
      (production) =>
        (production.resource("vault_pki_secret_backend_root_sign_intermediate").max_path_length = 3),
      "max_path_length",
      "key material",
    ],
    [
      "a certificate signed by the root, for a key of others",
      (production) =>
        production.add("vault_pki_secret_backend_root_sign_intermediate", {
          backend: "pki-root",
          csr: "pem",
          common_name: "Evil CA",
        }),
      "sign intermediate",
    ],
    [
      "the private key of the root leaves Vault",
      (production) => (production.resource("vault_pki_secret_backend_root_cert").type = "exported"),
      "root cert",
      "key material",
    ],
    [
      "a key that can be exported",
      (production) =>
        production.add("vault_transit_secret_backend_key", {
          backend: "transit",
          name: "x",
          exportable: true,
        }),
      "transit/x",
      "key material",
    ],
    [
      "older versions of secrets are deleted",
      (production) => (production.resource("vault_kv_secret_backend_v2").max_versions = 1),
      "max_versions",
      "delete",
    ],
    [
      "secrets are deleted after an hour",
      (production) => (production.resource("vault_kv_secret_backend_v2").delete_version_after = 3600),
      "delete_version_after",
      "delete",
    ],
  ]);

  testNamed([
    [
      "certificates for a further domain",
      (production) => pkiRole(production).allowed_domains.push("svc"),
      "payment-service",
    ],
    [
      "an account for ACME",
      (production) => production.add("vault_pki_secret_backend_acme_eab", { backend: PKI }),
      "acme eab",
    ],
    [
      "a key that stays in Vault",
      (production) => production.add("vault_transit_secret_backend_key", { backend: "transit", name: "x" }),
      "transit/x",
    ],
    [
      "certificates live longer",
      (production) => (pkiRole(production).max_ttl = "9999999"),
      "payment-service",
    ],
    [
      "lists of revoked certificates live longer",
      (production) => (production.resource("vault_pki_secret_backend_crl_config").expiry = "96h"),
      "expiry",
    ],
    [
      "certificates are tidied less often",
      (production) =>
        (production.resource("vault_pki_secret_backend_config_auto_tidy").interval_duration = "24h"),
      "interval_duration",
    ],
  ]);
});

describe("access diff of production: credentials of other systems", () => {
  testDangerous([
    [
      "an AWS role of an administrator",
      (production) =>
        production.add("vault_aws_secret_backend_role", {
          backend: "aws",
          name: "x",
          credential_type: "iam_user",
          policy_arns: ["arn:aws:iam::aws:policy/AdministratorAccess"],
        }),
      "aws",
    ],
    [
      "an Azure role of an owner",
      (production) =>
        production.add("vault_azure_secret_backend_role", {
          backend: "azure",
          role: "x",
          azure_roles: [{ role_name: "Owner", scope: "/subscriptions/x" }],
        }),
      "azure",
    ],
    [
      "a role of Kubernetes with all rules",
      (production) =>
        production.add("vault_kubernetes_secret_backend_role", {
          backend: "kubernetes",
          name: "x",
          allowed_kubernetes_namespaces: ["*"],
          generated_role_rules: 'rules:\n- apiGroups: ["*"]\n  resources: ["*"]\n  verbs: ["*"]',
        }),
      "kubernetes",
    ],
    [
      "a GCP account with a binding",
      (production) =>
        production.add("vault_gcp_secret_roleset", {
          backend: "gcp",
          roleset: "x",
          project: "x",
          binding: [{ resource: "//cloudresourcemanager.googleapis.com/projects/x", roles: ["roles/owner"] }],
        }),
      "gcp",
      "unreadable",
    ],
    [
      "a role of Consul",
      (production) =>
        production.add("vault_consul_secret_backend_role", {
          backend: "consul",
          name: "x",
          consul_policies: ["global-management"],
        }),
      "consul",
      "unreadable",
    ],
    [
      "an administrator of RabbitMQ",
      (production) =>
        production.add("vault_rabbitmq_secret_backend_role", {
          backend: "rabbitmq",
          name: "x",
          tags: "administrator",
        }),
      "rabbitmq",
      "unreadable",
    ],
    [
      "a token of Terraform Cloud",
      (production) =>
        production.add("vault_terraform_cloud_secret_role", {
          backend: "terraform",
          name: "x",
          organization: "example",
        }),
      "terraform",
      "unreadable",
    ],
    [
      "SSH as root",
      (production) =>
        production.add("vault_ssh_secret_backend_role", {
          backend: "ssh",
          name: "x",
          key_type: "ca",
          allow_user_certificates: true,
          allowed_users: "*",
          default_user: "root",
        }),
      "ssh",
    ],
  ]);
});
