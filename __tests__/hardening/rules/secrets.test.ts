import { describeRule } from "../support/describe-rule";
import {
  configMap,
  container,
  data,
  helmRelease,
  manifest,
  nothing,
  policy,
  resource,
  vault,
} from "../support/plain";

// Assembled at runtime, so that secret scanners do not report this file.
const TOKEN = `hvs.${"C".repeat(24)}`;
const ACCESS_KEY = `AKIA${"A".repeat(16)}`;

describeRule("secret-in-arguments", {
  compliant: {
    "a file": container({ args: ["--password-file=/vault/secrets/db", "--token", "/var/run/token"] }),
    "a variable": container({ command: ["sh", "-c", 'login --password "$DB_PASSWORD" token=$(cat /t)'] }),
    "words that only sound so": container({
      args: ["vault token revoke -self", "-field=token", "token_ttl=30m"],
    }),
  },
  violated: {
    "a form that only secrets have": [
      container({ args: [`login ${TOKEN}`] }),
      "container app: its command or arguments spell out a secret (not shown)",
    ],
    "an option": [
      container({ command: ["app", "--db-password=correcthorse"] }),
      "container app: its command or arguments spell out a secret (not shown)",
    ],
    "an option parted from its value": [
      container({ args: ["sh -c 'app --api-key correcthorse'"] }),
      "container app: its command or arguments spell out a secret (not shown)",
    ],
    "an assignment in a shell": [
      container({ args: ["export STRIPE_API_KEY=correcthorse && app"] }),
      "container app: its command or arguments spell out a secret (not shown)",
    ],
  },
  notApplicable: { "what makes no pods": nothing },
});

describeRule("secret-in-environment", {
  compliant: {
    "a path": container({ env: [{ name: "DB_PASSWORD", value: "/vault/secrets/password" }] }),
    "a switch": container({ env: [{ name: "MOUNT_TOKEN", value: "false" }] }),
    "another variable": container({ env: [{ name: "DB_PASSWORD", value: "$(FROM_FILE)" }] }),
    "a Secret": container({
      env: [{ name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } }],
    }),
  },
  violated: {
    "a value by its name": [
      container({ env: [{ name: "DB_PASSWORD", value: "correcthorse" }] }),
      "container app: the variable DB_PASSWORD holds a secret (not shown)",
    ],
    "a value that Terraform knows": [
      container({ env: [{ name: "API_KEY", value: "${random_password.Key.result}" }] }),
      "container app: the variable API_KEY holds a secret (not shown)",
    ],
    "a value by its form": [
      container({ env: [{ name: "AWS", value: ACCESS_KEY }] }),
      "container app: the variable AWS holds a secret (not shown)",
    ],
    "a variable of Vault's chart": [
      vault(undefined, { server: { extraEnvironmentVars: { AWS_SECRET_ACCESS_KEY: "correcthorse" } } }),
      "container vault: the variable AWS_SECRET_ACCESS_KEY holds a secret (not shown)",
    ],
    "an init container of a manifest": [
      manifest({
        kind: "Deployment",
        spec: {
          template: {
            spec: { initContainers: [{ name: "init", env: [{ name: "TOKEN", value: "correct" }] }] },
          },
        },
      }),
      "container init: the variable TOKEN holds a secret (not shown)",
    ],
  },
  notApplicable: { "what makes no pods": nothing },
});

describeRule("secret-variable-from-kubernetes", {
  compliant: {
    "no variables": container({}),
    "a token of Vault, which another rule judges": container({
      env: [{ name: "VAULT_TOKEN", valueFrom: { secretKeyRef: { name: "t", key: "t" } } }],
    }),
    "a value": container({ env: [{ name: "LEVEL", value: "info" }] }),
    "a ConfigMap": container({ envFrom: [{ configMapRef: { name: "c" } }] }),
  },
  violated: {
    "a key of a Secret": [
      container({ env: [{ name: "A", valueFrom: { secretKeyRef: { name: "db", key: "password" } } }] }),
      "container app: the variable A comes from the Secret db",
    ],
    "all keys of a Secret": [
      container({ envFrom: [{ secretRef: { name: "db" } }] }),
      "container app: all keys of the Secret db become variables",
    ],
  },
  notApplicable: { "what makes no pods": nothing },
});

describeRule("secret-in-config-map", {
  compliant: {
    "a configuration": configMap("app", { "app.yaml": "level: info\npassword_file: /vault/secrets/db\n" }),
    "a script that handles secrets": configMap("scripts", {
      "login.sh":
        'vault write -field=token "auth/$1/login" jwt=@"$TOKEN"\nexport API_KEY="$(cat /vault/secrets/key)"\n',
    }),
  },
  violated: {
    "a key that is a secret": [
      configMap("app", { password: "correcthorse" }),
      "the key password spells out a secret (not shown)",
    ],
    "a properties file": [
      configMap("app", { "app.properties": "db.user=app\ndb.password=correcthorse\n" }),
      "the key app.properties spells out a secret (not shown)",
    ],
    "a configuration in YAML": [
      configMap("app", { "app.yaml": "db:\n  password: correcthorse\n" }),
      "the key app.yaml spells out a secret (not shown)",
    ],
    "a manifest": [
      manifest({ kind: "ConfigMap", metadata: { name: "c" }, data: { config: `token is ${TOKEN}` } }),
      "the key config spells out a secret (not shown)",
    ],
  },
  notApplicable: { "what is no ConfigMap": nothing },
});

describeRule("secret-in-code", {
  compliant: {
    text: nothing,
    "a URL whose credentials are templates": policy(
      'path "a" { capabilities = ["read"] } # x://{{u}}:{{p}}@h',
    ),
  },
  violated: {
    "a token anywhere": [
      resource("terraform_data", { input: { deep: [TOKEN] } }),
      "input.deep.0 has the form of a secret (not shown)",
    ],
    "credentials in a URL": [
      resource("terraform_data", { input: "postgresql://app:correcthorse@db/app" }),
      "input has the form of a secret (not shown)",
    ],
    "a data source": [
      data("http", { url: `https://example.com?key=${ACCESS_KEY}` }),
      "url has the form of a secret (not shown)",
    ],
  },
  notApplicable: { "an empty stack": () => {} },
});

describeRule("kubernetes-secret-in-state", {
  compliant: {
    "a write-only value": resource("kubernetes_secret_v1", {
      metadata: { name: "s" },
      data_wo: { a: "${var.a}" },
    }),
    "another manifest": manifest({ kind: "ConfigMap", data: { a: "b" } }),
  },
  violated: {
    "a Secret with data": [
      resource("kubernetes_secret_v1", { data: { a: "b" } }),
      "data of the Secret is kept in the state",
    ],
    "data that is added to a Secret": [
      resource("kubernetes_secret_v1_data", { data: { a: "b" } }),
      "data of the Secret is kept in the state",
    ],
    "a token of a ServiceAccount": [
      resource("kubernetes_secret", { type: "kubernetes.io/service-account-token" }),
      "the token of a ServiceAccount in the Secret never ends",
    ],
    "a manifest": [
      manifest({ kind: "Secret", stringData: { a: "b" } }),
      "the values of the Secret are kept in the state",
    ],
  },
  notApplicable: { "what is no Secret": nothing },
});

describeRule("kv-secret-in-state", {
  compliant: {
    "a write-only value": resource("vault_kv_secret_v2", {
      data_json_wo: "${var.a}",
      data_json_wo_version: 1,
    }),
  },
  violated: {
    "a KV secret": [
      resource("vault_kv_secret_v2", { data_json: "{}" }),
      "data_json of the secret is kept in the state",
    ],
    "a generic secret": [
      resource("vault_generic_secret", { data_json: "{}" }),
      "data_json of the secret is kept in the state",
    ],
  },
  notApplicable: { "what is no secret": nothing },
});

describeRule("secret-argument", {
  compliant: {
    "a write-only argument": resource("aws_db_instance", { username: "admin", password_wo: "${var.p}" }),
    "other JSON": resource("vault_generic_endpoint", { data_json: '{"lockout_threshold":"5"}' }),
    "a parameter that is no secret": resource("aws_ssm_parameter", { type: "String", value: "correcthorse" }),
    "a switch and a path": resource("vault_jwt_auth_backend", { oidc_client_secret: "", bindpass: "false" }),
  },
  violated: {
    "a client secret": [
      resource("vault_jwt_auth_backend", { oidc_client_secret: "correcthorse" }),
      "oidc_client_secret is kept in the state",
    ],
    "a reference, which is a value by then": [
      resource("aws_db_instance", { password: "${var.password}" }),
      "password is kept in the state",
    ],
    "JSON for an endpoint": [
      resource("vault_generic_endpoint", {
        data_json: JSON.stringify({ user: "u", password: "correcthorse" }),
      }),
      "password in data_json is kept in the state",
    ],
    "JSON that Terraform makes": [
      resource("vault_generic_endpoint", { data_json: '${jsonencode({"password" = "correcthorse"})}' }),
      "password in data_json is kept in the state",
    ],
    "credentials that Terraform reads from a file": [
      resource("vault_gcp_secret_backend", { credentials_json: '${file("key.json")}' }),
      "credentials_json is kept in the state",
    ],
    "a parameter of AWS": [
      resource("aws_ssm_parameter", { type: "SecureString", value: "correcthorse" }),
      "value is kept in the state",
    ],
    "an inner block": [
      resource("vault_ldap_auth_backend", { config: [{ bindpass: "correcthorse" }] }),
      "bindpass is kept in the state",
    ],
  },
  notApplicable: { "pods, which have rules of their own": container({}) },
});

describeRule("generated-secret", {
  compliant: {
    "a CA whose key stays in Vault": resource("vault_pki_secret_backend_root_cert", { type: "internal" }),
  },
  violated: {
    "a password": [
      resource("random_password", { length: 20 }),
      "the result of random_password is kept in the state",
    ],
    "a key": [resource("tls_private_key", {}), "the result of tls_private_key is kept in the state"],
    "a CA whose key is exported": [
      resource("vault_pki_secret_backend_root_cert", { type: "exported" }),
      "the key of the CA is exported into the state",
    ],
  },
  notApplicable: { "what generates nothing": nothing },
});

describeRule("secret-data-source", {
  compliant: { "other data": data("aws_iam_policy_document", {}) },
  violated: {
    "a KV secret": [
      data("vault_kv_secret_v2", { name: "a" }),
      "what vault_kv_secret_v2 reads is kept in the state",
    ],
    "a secret of AWS": [
      data("aws_secretsmanager_secret_version", { secret_id: "a" }),
      "what aws_secretsmanager_secret_version reads is kept in the state",
    ],
    credentials: [
      data("vault_aws_access_credentials", { backend: "aws" }),
      "what vault_aws_access_credentials reads is kept in the state",
    ],
  },
  notApplicable: { "what is no data": nothing },
});

describeRule("helm-secret-values", {
  compliant: {
    references: helmRelease("app", {
      existingSecret: "db",
      auth: { passwordFile: "/x" },
      privateKey: { size: 256 },
    }),
    "a write-only value": helmRelease("app", {}, { set_wo: [{ name: "password", value: "${var.p}" }] }),
  },
  violated: {
    "a password": [
      helmRelease("app", { db: [{ auth: { password: "correcthorse" } }] }),
      "the value db[0].auth.password is a secret (not shown)",
    ],
    "a value that is only hidden": [
      helmRelease("app", {}, { set_sensitive: [{ name: "db.user", value: "x" }] }),
      "set_sensitive keeps db.user in the state",
    ],
  },
  notApplicable: { "what is no release": nothing },
});

const connection = (postgresql: object) =>
  resource("vault_database_secret_backend_connection", { postgresql: [postgresql] });

describeRule("database-password-in-state", {
  compliant: {
    "a write-only password with its version": connection({
      connection_url: "postgresql://{{username}}:{{password}}@db/app",
      password_wo: "${var.p}",
      password_wo_version: 1,
    }),
  },
  violated: {
    "a password": [connection({ password: "correcthorse" }), "password is kept in the state"],
    "a password in the URL": [
      connection({ connection_url: "postgresql://vault:correcthorse@db/app" }),
      "connection_url spells out credentials",
    ],
    "a password that is never sent": [
      connection({ password_wo: "${var.p}" }),
      "password_wo has no version, and without one it is never sent",
    ],
    "a mount with connections": [
      resource("vault_database_secrets_mount", { mysql: [{ name: "db", password: "correcthorse" }] }),
      "password is kept in the state",
    ],
  },
  notApplicable: { "what is no connection": nothing },
});
