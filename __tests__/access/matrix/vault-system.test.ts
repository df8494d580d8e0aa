import { type Case, testDangerous, testNamed } from "../support/matrix";
import type { Production } from "../support/production";

/** New object of Vault with a name that a dangerous row has. */
const added = (
  label: string,
  type: string,
  body: object,
  name = type.replace(/^vault_/, "").replaceAll("_", " "),
): Case => [
  `a new ${type} ${JSON.stringify(body).slice(0, 60)}`,
  (production) => production.add(type, body),
  name,
  label,
];

/** Change of an object that production does not have otherwise. */
const changed = (type: string, before: object, after: object, ...expected: readonly string[]): Case => [
  `${type}: ${JSON.stringify(before).slice(0, 60)} -> ${JSON.stringify(after).slice(0, 60)}`,
  [(production) => production.add(type, before), (production) => production.add(type, after)],
  ...expected,
];

const audit = (production: Production) => production.resource("vault_audit", "Audit_siem");
const mount = (production: Production, name: string) => production.resource("vault_mount", name);

describe("access diff of production: audit", () => {
  testDangerous([
    ["the audit device is gone", (production) => production.remove("vault_audit"), "audit", "destroys"],
    [
      "the audit device is made zero times",
      (production) => (audit(production).count = 0),
      "audit siem",
      "audit write",
    ],
    [
      "values reach the audit log in clear",
      (production) => (audit(production).options.log_raw = "T"),
      "log_raw",
      "audit write",
    ],
    [
      "values reach the audit log in clear by merge()",
      (production) =>
        (audit(production).options =
          '${merge({address = "/vault/audit-socket/shipper.sock"}, {log_raw = "1"})}'),
      "audit siem",
      "audit write",
    ],
    [
      "accessors reach the audit log in clear",
      (production) => (audit(production).options.hmac_accessor = "0"),
      "hmac_accessor",
      "audit write",
    ],
    [
      "the audit log goes elsewhere",
      (production) => (audit(production).options.address = "collector.example:514"),
      "options.address",
      "audit write",
    ],
    [
      "the audit device is local to a cluster",
      (production) => (audit(production).local = true),
      "audit siem",
      "audit write",
    ],
    [
      "Terraform ignores the options of the audit device",
      (production) => (audit(production).lifecycle.ignore_changes = ["options"]),
      "ignores changes of options",
    ],
    [
      "Terraform can destroy the audit device",
      (production) => delete audit(production).lifecycle,
      "prevent_destroy",
      "destroys",
    ],
    [
      "values of secrets reach the audit log in clear",
      (production) => (mount(production, "KeyValue").audit_non_hmac_response_keys = ["data"]),
      "mount secret",
      "audit write",
    ],
    [
      "tokens of logins reach the audit log in clear",
      (production) =>
        (production.resource("vault_auth_backend", "KubernetesAuth").tune[0].audit_non_hmac_request_keys = [
          "jwt",
        ]),
      "auth backend kubernetes",
      "audit write",
    ],
  ]);

  testNamed([
    [
      "a further header in the audit log",
      (production) => production.add("vault_audit_request_header", { name: "X-Forwarded-For", hmac: true }),
      "audit request header X-Forwarded-For",
    ],
    [
      "a further audit device",
      (production) =>
        production.add("vault_audit", { type: "file", path: "file", options: { file_path: "stdout" } }),
      "audit file",
    ],
  ]);
});

describe("access diff of production: mounts and the system", () => {
  testDangerous([
    ["a mount is gone", (production) => production.remove("vault_mount", "KeyValue"), "secret", "destroys"],
    [
      "a mount has another type",
      (production) => (mount(production, "Transit").type = "kv"),
      "vault_mount transit",
      "destroys",
    ],
    [
      "a mount at another address",
      (production) => {
        const mounts = production.all("vault_mount");
        mounts.Renamed = mounts.Transit_D5AA4961 as unknown;
        delete mounts.Transit_D5AA4961;
      },
      "add a moved block",
      "destroys",
    ],
    [
      "secrets lose their versions",
      (production) => (mount(production, "KeyValue").options.version = "1"),
      "options.version: 2 -> 1",
      "destroys",
    ],
    [
      "the names of secrets are visible without a login",
      (production) => (mount(production, "KeyValue").listing_visibility = "unauth"),
      "listing_visibility",
      "server",
    ],
    [
      "a header of requests reaches an engine",
      (production) => (mount(production, "Pki_Intermediate").passthrough_request_headers = ["Authorization"]),
      "passthrough_request_headers",
      "server",
    ],
    [
      "another plugin serves an engine",
      (production) => (mount(production, "Database").plugin_version = "v9.9.9+evil"),
      "plugin_version",
      "server",
    ],
    [
      "keys outside Vault for an engine",
      (production) => (mount(production, "Pki_Root").allowed_managed_keys = ["evil"]),
      "allowed_managed_keys",
      "server",
    ],
    [
      "an engine may use other logins",
      (production) => (mount(production, "Pki_Intermediate").delegated_auth_accessors = ["x"]),
      "delegated_auth_accessors",
      "server",
    ],
    [
      "a header of responses reaches the clients of a login",
      (production) =>
        (production.resource("vault_auth_backend", "People").tune[0].allowed_response_headers = ["X"]),
      "allowed_response_headers",
      "server",
    ],
    [
      "no quota for logins",
      (production) => production.remove("vault_quota_rate_limit"),
      "quota rate limit kubernetes-logins",
      "server",
    ],
    [
      "a quota of any number",
      (production) => (production.resource("vault_quota_rate_limit").rate = 1000000),
      "rate: 100 -> 1000000",
      "server",
    ],
    [
      "a quota for another path",
      (production) => (production.resource("vault_quota_rate_limit").path = "auth/unused/login"),
      "quota rate limit kubernetes-logins",
      "path",
    ],
    [
      "a quota for one role alone",
      (production) => (production.resource("vault_quota_rate_limit").role = "unused"),
      "quota rate limit kubernetes-logins",
      "role",
    ],
    [
      "passwords of databases are short",
      (production) => {
        const policy = production.resource("vault_password_policy");
        policy.policy = (policy.policy as string).replace("length = 32", "length = 4");
      },
      "password policy database",
      "policy write",
    ],
    [
      "no policy for passwords of databases",
      (production) => production.remove("vault_password_policy"),
      "password policy database",
      "policy write",
    ],
    added("server", "vault_plugin", { type: "auth", name: "x", command: "x", sha256: "a" }, "plugin"),
    added("server", "vault_plugin_pinned_version", { type: "auth", name: "jwt", version: "v0.1.0" }),
    added("managed keys", "vault_managed_keys", { aws: [{ name: "x", key_bits: "2048" }] }),
    added("whole storage", "vault_raft_snapshot_agent_config", { name: "x", storage_type: "aws-s3" }),
    added("whole storage", "vault_secrets_sync_aws_destination", { name: "x" }),
    added("whole storage", "vault_secrets_sync_azure_destination", { name: "x" }),
    added("whole storage", "vault_secrets_sync_gcp_destination", { name: "x" }),
    added("whole storage", "vault_secrets_sync_gh_destination", { name: "x" }),
    added("whole storage", "vault_secrets_sync_vercel_destination", { name: "x" }),
    added("whole storage", "vault_secrets_sync_association", { name: "x", type: "gh", mount: "secret" }),
    changed(
      "vault_raft_snapshot_agent_config",
      { name: "daily", aws_s3_bucket: "ours" },
      { name: "daily", aws_s3_bucket: "theirs" },
      "aws_s3_bucket: ours -> theirs",
      "whole storage",
    ),
    changed(
      "vault_egp_policy",
      { name: "guard", enforcement_level: "hard-mandatory", paths: ["*"], policy: "main = rule { false }" },
      { name: "guard", enforcement_level: "advisory", paths: ["*"], policy: "main = rule { false }" },
      "enforcement_level",
      "policy write",
    ),
    changed(
      "vault_egp_policy",
      { name: "guard", enforcement_level: "hard-mandatory", paths: ["*"], policy: "main = rule { false }" },
      { name: "guard", enforcement_level: "hard-mandatory", paths: ["x"], policy: "main = rule { false }" },
      "paths",
      "policy write",
    ),
    [
      "a Sentinel policy is gone",
      [
        (production) =>
          production.add("vault_rgp_policy", { name: "guard", policy: "main = rule { false }" }),
        (production) => production.remove("vault_rgp_policy"),
      ],
      "rgp policy guard",
      "policy write",
    ],
    [
      "another namespace of Vault for a policy",
      (production) => (production.resource("vault_quota_rate_limit").namespace = "other"),
      "quota rate limit",
      "cross-namespace",
    ],
  ]);

  testNamed([
    [
      "settings of Raft's autopilot",
      (production) => (production.resource("vault_raft_autopilot").min_quorum = 3),
      "min_quorum: 5 -> 3",
    ],
    [
      "leases live longer",
      (production) => (mount(production, "KeyValue").max_lease_ttl_seconds = 9999999),
      "max_lease_ttl_seconds",
    ],
    [
      "a lower quota",
      (production) => (production.resource("vault_quota_rate_limit").rate = 10),
      "rate: 100 -> 10",
    ],
    [
      "a message of the user interface",
      (production) =>
        production.add("vault_config_ui_custom_message", {
          title: "x",
          message_base64: "eA==",
          start_time: "x",
        }),
      "config ui custom message",
    ],
  ]);
});
