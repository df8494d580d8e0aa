import { type Case, testDangerous, testNamed } from "../support/matrix";
import { judge } from "../support/production";

const SERVICE = "production-payment-service_Binding_Policy";
const WRITE = ["create", "read", "update"];

const rule = (path: string, ...capabilities: string[]) =>
  `path "${path}" {\n  capabilities = ${JSON.stringify(capabilities)}\n}\n`;

/** The policy of the service gets a rule. */
const granted = (label: string, path: string, ...capabilities: string[]): Case => [
  `the service gets ${path} with ${capabilities.join(", ")}`,
  (production) => production.policy(SERVICE, (text) => text + rule(path, ...capabilities)),
  "auth/kubernetes role payment-service",
  `${path}:`,
  label,
];

describe("access diff of production: rules of policies", () => {
  testDangerous([
    granted("sudo", "*", ...WRITE, "sudo"),
    granted("wildcard", "+/*", "read"),
    granted("wildcard", "secret/data/*", "read"),
    granted("wildcard", "secret/data/+/*", "read"),
    granted("wildcard", "secret/data/p*", "read"),
    granted("template", "secret/data/{{identity.entity.name}}/*", "read"),
    granted("engine config", "database/config/payments-db", ...WRITE),
    granted("engine config", "database/rotate-root/payments-db", "update"),
    granted("engine config", "database/roles/admin", ...WRITE),
    granted("key material", "pki/root/sign-intermediate", "update"),
    granted("key material", "pki/sign-verbatim", "update"),
    granted("key material", "pki/sign-verbatim/*", "update"),
    granted("key material", "pki-root/root/sign-intermediate", "update"),
    granted("engine config", "pki/roles/payment-service", "update"),
    granted("key material", "transit/export/encryption-key/payments", "read"),
    granted("key material", "transit/backup/payments", "read"),
    granted("server", "sys/mounts/secret", "update"),
    granted("server", "sys/rekey/init", "update"),
    granted("whole storage", "sys/storage/raft/snapshot", "read"),
    granted("whole storage", "sys/storage/raft/snapshot-auto/config/daily", "update"),
    granted("policy write", "sys/policies/acl/payment-service", "update"),
    granted("policy write", "sys/policy/admin", "update"),
    granted("policy write", "auth/kubernetes/role/payment-service", "update"),
    granted("policy write", "auth/token/create", "update"),
    granted("policy write", "identity/group/name/admin", "update"),
    granted("trust", "identity/oidc/key/main", "update"),
    granted("audit write", "sys/audit/siem", "sudo", "delete"),
    granted("delete", "secret/destroy/payment-service/config", "update"),
    granted("delete", "secret/delete/payment-service/config", "update"),
    granted("server", "sys/internal/counters/activity", "read"),
    granted("tokens", "auth/token/accessors", "list", "sudo"),
    [
      "a rule in JSON",
      (production) =>
        (production.resource("vault_policy", SERVICE).policy = JSON.stringify({
          path: { "*": { capabilities: ["read", "sudo"] } },
        })),
      "role payment-service",
      "*: +",
      "sudo",
    ],
    [
      "a path by an escape for Unicode",
      (production) =>
        production.policy(SERVICE, (text) => text + 'path "\\u002a" { capabilities = ["sudo"] }'),
      "role payment-service",
      "*: + sudo",
    ],
    [
      "a path by an escape for bytes",
      (production) =>
        production.policy(
          SERVICE,
          (text) => text + 'path "\\x73ys/policies/acl/\\u002a" { capabilities = ["update"] }',
        ),
      "role payment-service",
      "policy write",
    ],
    [
      "a path with a slash at the start",
      (production) => production.policy(SERVICE, (text) => text + rule("/sys/policies/acl/*", "update")),
      "role payment-service",
      "policy write",
    ],
    [
      "a policy in Base64",
      (production) =>
        (production.resource("vault_policy", SERVICE).policy =
          `\${base64decode("${Buffer.from(rule("*", "sudo")).toString("base64")}")}`),
      "role payment-service",
      "*: + sudo",
    ],
    [
      "a policy by an expression that nothing here can evaluate",
      (production) => (production.resource("vault_policy", SERVICE).policy = '${file("policy.hcl")}'),
      "role payment-service",
      "unreadable",
    ],
    [
      "a wildcard that a more specific rule of the same policy hides",
      (production) =>
        production.policy(
          SERVICE,
          (text) => text + rule("+/zz/zz/zz/+/*", "read") + rule("+/*", "read", "sudo"),
        ),
      "+/*: + read, sudo",
      "wildcard",
    ],
    [
      "sudo below hundreds of rules that delete",
      (production) => {
        const rules = Array.from({ length: 450 }, (_, index) => rule(`secret/metadata/x${index}`, "delete"));
        production.policy(SERVICE, (text) => text + rules.join("") + rule("*", "sudo"));
      },
      "*: + sudo",
    ],
    [
      "administrators read secrets, because their denial is gone",
      (production) =>
        production.policy("People_Admin", (text) => text.replace(/path "secret\/data\/\*" \{[^}]*\}\n/, "")),
      "identity group admin",
      "secret/data/*",
    ],
    [
      "secret writers read the canary of backups",
      (production) =>
        production.policy("People_SecretWriter", (text) =>
          text.replace(/path "secret\/data\/vault-platform\/canary" \{[^}]*\}/, ""),
        ),
      "identity group secret-writers",
      "secret/data/vault-platform/canary",
    ],
    [
      "auditors write groups",
      (production) =>
        production.policy("People_Auditor", (text) =>
          text.replace(/(path "identity\/group\/\*" \{\n {2}capabilities = \["read")/, '$1, "update"'),
        ),
      "identity group auditor",
      "policy write",
    ],
    [
      "pipelines that plan write policies",
      (production) =>
        production.policy("Pipelines_Plan", (text) =>
          text.replace(/(path "sys\/policies\/acl\/\*" \{\n {2}capabilities = \["read")/, '$1, "update"'),
        ),
      "auth/github role plan",
      "policy write",
    ],
    [
      "the backup restores",
      (production) =>
        production.policy("Jobs_Backup", (text) => text + rule("sys/storage/raft/snapshot-force", "update")),
      "auth/kubernetes role vault-backup",
      "whole storage",
    ],
    [
      "another service reads the secrets of this one",
      (production) => {
        production.add("vault_policy", {
          name: "invoice",
          policy: rule("secret/data/payment-service/*", "read"),
        });
        production.add("vault_kubernetes_auth_backend_role", {
          backend: "kubernetes",
          role_name: "invoice",
          audience: "vault",
          bound_service_account_names: ["invoice"],
          bound_service_account_namespaces: ["invoice"],
          token_policies: ["invoice"],
        });
      },
      "auth/kubernetes role invoice",
      "can read secrets of payment-service",
      "other owner",
    ],
    [
      "another service gets credentials of this one's database",
      (production) => {
        production.add("vault_policy", {
          name: "invoice",
          policy: rule("database/creds/payment-service-role", "read"),
        });
        production.add("vault_kubernetes_auth_backend_role", {
          backend: "kubernetes",
          role_name: "invoice",
          audience: "vault",
          bound_service_account_names: ["invoice"],
          bound_service_account_namespaces: ["invoice"],
          token_policies: ["invoice"],
        });
      },
      "auth/kubernetes role invoice",
      "payment-service",
      "other owner",
    ],
  ]);

  it("names as dangerous, each by its name: ten roles that gain a path", () => {
    const { verdict, rows } = judge((production) => {
      for (let index = 0; index < 10; index++) {
        production.add(
          "vault_policy",
          { name: `p${index}`, policy: rule("sys/seal", "sudo") },
          "config",
          `P${index}`,
        );
        const role = {
          role_name: `r${index}`,
          bound_service_account_names: [`r${index}`],
          token_policies: [`p${index}`],
        };
        production.add("vault_kubernetes_auth_backend_role", role, "config", `R${index}`);
      }
    });

    expect(verdict).toBe("dangerous");
    for (let index = 0; index < 10; index++)
      expect(rows.join("\n")).toContain(`role r${index}: sys/seal: + sudo`);
  });

  testNamed([
    granted("", "secret/data/payment-service-eu/config", "read"),
    granted("", "secret/metadata/payment-service/config", "read"),
    [
      "a rule of the service is gone",
      (production) => production.policy(SERVICE, (text) => text.replace(/path "pki[^}]*\}\n/, "")),
      "pki/issue/payment-service: - ",
    ],
    [
      "a capability of the service is gone",
      (production) => production.policy(SERVICE, (text) => text.replace('"create", "update"', '"update"')),
      "pki/issue/payment-service: - create",
    ],
  ]);
});
