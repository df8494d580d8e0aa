import { testDangerous, testNamed } from "../support/matrix";
import { type Layer, Production } from "../support/production";

/** Change of a block of a stack that is neither a resource nor a data source. */
const block =
  (kind: string, name: string, body: unknown, layer: Layer = "config") =>
  (production: Production) => {
    const stack = production.stack(layer);
    stack[kind] = { ...(stack[kind] as object | undefined), [name]: body };
  };
const data =
  (type: string, body: object, layer: Layer = "config") =>
  (production: Production) =>
    block("data", type, { Added: body }, layer)(production);
const providers = (production: Production, layer: Layer, name: string) =>
  production.stack(layer).provider[name] as Record<string, unknown>[];

describe("access diff of production: how Terraform works", () => {
  testDangerous([
    [
      "another address of Vault",
      (production) => (providers(production, "config", "vault")[0].address = "https://evil.example"),
      "provider",
      "address",
    ],
    [
      "another default of the address of Vault",
      (production) => (production.stack("config").variable.vault_address.default = "https://evil.example"),
      "provider.vault",
      "address",
    ],
    [
      "another role for Terraform's login",
      (production) =>
        (production.stack("config").variable.vault_login.default = { mount: "terraform", role: "root" }),
      "auth_login.parameters.role",
    ],
    [
      "a certificate of Vault that is not checked",
      (production) => (providers(production, "config", "vault")[0].skip_tls_verify = true),
      "skip_tls_verify",
    ],
    [
      "a token for Terraform",
      (production) => (providers(production, "config", "vault")[0].token = "${var.token}"),
      "token",
    ],
    [
      "a proxy for Vault",
      (production) => (providers(production, "config", "vault")[0].headers = [{ name: "X", value: "y" }]),
      "headers",
    ],
    [
      "another cluster",
      (production) => (providers(production, "cluster", "kubernetes")[0].host = "https://evil.example"),
      "host",
    ],
    [
      "a cluster whose certificate is not checked",
      (production) => (providers(production, "cluster", "kubernetes")[0].insecure = true),
      "insecure",
    ],
    [
      "another account of AWS",
      (production) => (providers(production, "foundation", "aws")[0].allowed_account_ids = ["999999999999"]),
      "allowed_account_ids",
    ],
    [
      "another role of AWS",
      (production) =>
        (providers(production, "foundation", "aws")[0].assume_role = [
          { role_arn: "arn:aws:iam::999999999999:role/x" },
        ]),
      "assume_role",
    ],
    [
      "another endpoint of AWS",
      (production) =>
        (providers(production, "foundation", "aws")[0].endpoints = [{ kms: "https://evil.example" }]),
      "endpoints",
    ],
    [
      "another bucket for the state",
      (production) => (production.stack("config").terraform.backend.s3.bucket = "evil"),
      "backend",
    ],
    [
      "no encryption of the state",
      (production) => (production.stack("config").terraform.backend.s3.encrypt = false),
      "encrypt",
    ],
    [
      "another backend",
      (production) =>
        (production.stack("config").terraform.backend = { http: { address: "https://evil.example" } }),
      "backend",
    ],
    [
      "a secret as an output",
      block("output", "token", {
        value: "${vault_jwt_auth_backend.Pipelines_Auth_E8FBC3E7.oidc_client_secret}",
      }),
      "output",
    ],
    [
      "a secret of Vault in the state",
      data("vault_generic_secret", { path: "secret/payment-service/config" }),
      "vault_generic_secret",
    ],
    [
      "credentials of Vault in the state",
      data("vault_aws_access_credentials", { backend: "aws", role: "x" }),
      "vault_aws_access_credentials",
    ],
    [
      "a Secret of the cluster in the state",
      data("kubernetes_secret_v1", { metadata: { name: "vault-tls" } }, "cluster"),
      "kubernetes_secret",
    ],
    [
      "a secret for one run of Terraform",
      (production) => {
        production.stack("config").ephemeral.vault_kv_secret_v2 = {
          Added: { mount: "secret", name: "payment-service/config" },
        };
      },
      "vault_kv_secret_v2",
    ],
    [
      "another Vault for a policy",
      [
        (production) =>
          providers(production, "config", "vault").push({ alias: "other", address: "https://other" }),
        (production) => (production.resource("vault_policy", "People_Admin").provider = "vault.other"),
      ],
      "provider",
      "unknown access",
    ],
    [
      "Terraform ignores the text of a policy",
      (production) =>
        (production.resource("vault_policy", "People_Admin").lifecycle = { ignore_changes: ["policy"] }),
      "ignores changes of policy",
    ],
    [
      "Terraform ignores all of a role",
      (production) =>
        (production.resource("aws_iam_role", "Backup").lifecycle = {
          ignore_changes: ["assume_role_policy"],
        }),
      "ignores changes of assume_role_policy",
    ],
    [
      "Terraform can destroy a mount",
      (production) => delete production.resource("vault_mount", "KeyValue").lifecycle,
      "prevent_destroy",
    ],
    [
      "a second factor by a number that only Terraform knows",
      (production) =>
        (production.resource("vault_identity_mfa_login_enforcement").count = "${var.x ? 1 : 0}"),
      "login_enforcement",
      "perhaps it is gone",
      "trust",
    ],
    [
      "an audit device by a number that only Terraform knows",
      (production) => (production.resource("vault_audit").count = "${var.number}"),
      "vault_audit",
      "perhaps it is gone",
      "audit write",
    ],
    [
      "denials by a number that only Terraform knows",
      (production) => (production.resource("vault_policy", "People_Admin").for_each = "${toset(var.names)}"),
      "vault_policy",
      "perhaps it is gone",
      "unreadable",
    ],
    [
      "a denial of AWS by a number that only Terraform knows",
      (production) =>
        (production.resource("aws_s3_bucket_policy", "Snapshots_Bucket").count = "${var.number}"),
      "Deny",
      "protection",
    ],
    [
      "a policy for each of a list that only Terraform knows",
      (production) =>
        production.add("vault_policy", {
          for_each: "${toset(var.names)}",
          name: "${each.key}",
          policy: "${each.value}",
        }),
      "unreadable",
    ],
    [
      "a new stack-wide block",
      (production) => (production.stack("config").block_of_tomorrow = { a: {} }),
      "unknown access",
    ],
    [
      "a resource of another cloud's identities",
      (production) => production.add("google_service_account_key", { service_account_id: "x" }),
      "google_service_account_key",
    ],
    [
      "a type of Vault that no provider has yet",
      (production) => production.add("vault_of_tomorrow", { a: 1 }),
      "vault_of_tomorrow",
    ],
    [
      "an argument of Vault that no provider has yet",
      (production) =>
        (production.resource("vault_jwt_auth_backend_role", "Pipelines_Deploy").of_tomorrow = "x"),
      "of_tomorrow",
    ],
    [
      "an import",
      (production) =>
        (production.stack("config").import = [{ to: "vault_raft_autopilot.Autopilot", id: "x" }]),
      "import",
    ],
  ]);

  testNamed([
    [
      "Terraform forgets an object",
      (production) =>
        (production.stack("config").removed = [
          { from: "vault_raft_autopilot.Autopilot", lifecycle: { destroy: false } },
        ]),
      "vault_raft_autopilot",
    ],
    [
      "the state of others",
      data("terraform_remote_state", { backend: "s3", config: { bucket: "evil", key: "x" } }),
      "terraform_remote_state",
    ],
  ]);
});
