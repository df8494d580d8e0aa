import { readFileSync } from "node:fs";
import { join } from "node:path";
import { production } from "../../environments/production";
import type { EnvironmentDefinition } from "../../platform/schema";
import { writePlatform } from "../support/platform";
import { Synthesized } from "../support/synth";

function config(change: Partial<EnvironmentDefinition> = {}, stack = "config"): Synthesized {
  const app = writePlatform([{ ...production, ...change }]);
  const file = join(app.outdir, "stacks", `production-${stack}`, "cdk.tf.json");
  return new Synthesized(JSON.parse(readFileSync(file, "utf8")));
}

const plain = config();

test("creates neither the auth mount nor the audit device of the bootstrap", () => {
  const paths = [...plain.resources("vault_auth_backend"), ...plain.resources("vault_jwt_auth_backend")].map(
    ({ path }) => path,
  );
  expect(paths.sort()).toEqual(["github", "kubernetes", "oidc"]);
  expect(plain.resources("vault_audit").map(({ path }) => path)).toEqual(["siem"]);
});

test("removes dead servers after a day, down to a quorum of five", () => {
  expect(plain.resource("vault_raft_autopilot")).toMatchObject({
    cleanup_dead_servers: true,
    min_quorum: 5,
    dead_server_last_contact_threshold: "24h0m0s",
  });
});

test("lets pull requests plan, and jobs of the GitHub environment on main deploy", () => {
  const role = (name: string) =>
    plain.resources("vault_jwt_auth_backend_role").find((it) => it.role_name === name)!;
  expect(JSON.stringify(role("plan"))).toContain("repo:example/vault-platform:pull_request");
  expect(JSON.stringify(role("plan"))).not.toContain("environment:production");
  expect(role("deploy").bound_claims).toMatchObject({
    repository: "example/vault-platform",
    ref: "refs/heads/main",
    environment: "production",
  });
});

test("denies the plan identity secrets, credentials and changes", () => {
  const { policy } = plain.resources("vault_policy").find(({ name }) => name === "plan")!;
  for (const path of ["secret/data/*", "database/creds/*", "pki/issue/*", "transit/decrypt/*"]) {
    expect(policy).toContain(`path "${path}" {\n  capabilities = ["deny"]\n}`);
  }
  expect(policy).not.toMatch(/"(create|update|delete|patch)"/);
});

test("creates human groups only with oidc, with a second factor for admins", () => {
  const output = config({
    vault: {
      ...production.vault,
      oidc: {
        issuer: "https://id.example.com",
        clientId: "vault",
        groups: { operator: "vault-operators", auditor: "vault-auditors", admin: "vault-admins" },
      },
    },
  });
  expect(
    output
      .resources("vault_identity_group")
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["admin", "auditor", "operator"]);
  const enforcement = output.resource("vault_identity_mfa_login_enforcement");
  expect(JSON.stringify(enforcement.identity_group_ids)).toMatch(/Admin/);
  const { policy } = output.resources("vault_policy").find(({ name }) => name === "operator")!;
  expect(policy).toContain('path "secret/data/*" {\n  capabilities = ["deny"]\n}');
  const alone = config({ vault: { ...production.vault, oidc: undefined } });
  expect(alone.resources("vault_identity_group")).toEqual([]);
});

test("lets secret writers write all but the canary, and read or destroy nothing", () => {
  const groups = {
    operator: "operators",
    auditor: "auditors",
    admin: "admins",
    secretWriter: "vault-secret-writers",
  };
  const output = config({
    vault: {
      ...production.vault,
      oidc: { issuer: "https://id.example.com", clientId: "vault", groups },
      secretWriters: [{ namespace: "tools", name: "secret-writer" }],
    },
  });
  expect(output.resources("vault_identity_group").map(({ name }) => name)).toContain("secret-writers");
  const role = output
    .resources("vault_kubernetes_auth_backend_role")
    .find(({ role_name }) => role_name === "secret-writer")!;
  expect(role).toMatchObject({
    bound_service_account_names: ["secret-writer"],
    bound_service_account_namespaces: ["tools"],
    audience: "vault",
    token_max_ttl: 3600,
  });
  const policy = (of: string) => output.resources("vault_policy").find(({ name }) => name === of)!.policy;
  expect(policy("secret-writers")).toBe(policy("secret-writer"));
  expect(policy("secret-writers")).toBe(`path "secret/data/*" {
  capabilities = ["create", "update", "patch", "delete"]
}
path "secret/metadata/*" {
  capabilities = ["read", "list"]
}
path "secret/subkeys/*" {
  capabilities = ["read"]
}
path "secret/delete/*" {
  capabilities = ["update"]
}
path "secret/undelete/*" {
  capabilities = ["update"]
}
path "secret/data/vault-platform/canary" {
  capabilities = ["deny"]
}
path "secret/delete/vault-platform/canary" {
  capabilities = ["deny"]
}
path "secret/undelete/vault-platform/canary" {
  capabilities = ["deny"]
}
`);
});

test("rejects a secret writers' group that is also the admins' group", () => {
  const groups = { operator: "operators", auditor: "auditors", admin: "admins", secretWriter: "admins" };
  expect(() =>
    config({
      vault: { ...production.vault, oidc: { issuer: "https://id.example.com", clientId: "vault", groups } },
    }),
  ).toThrow(/group.*admins/);
});

test("sets the password policy for database users, in a team's stack too", () => {
  expect(plain.resource("vault_password_policy").name).toBe("database");
  const role = (stack: string, change: Partial<EnvironmentDefinition>) =>
    config(change, stack).resource("vault_database_secret_backend_role").credential_config;
  expect(role("config", {})).toEqual({
    password_policy: expect.stringMatching(/^\$\{vault_password_policy\.DatabasePasswords_\w+\.name\}$/),
  });
  expect(role("config-payments", { shards: "team" })).toEqual({ password_policy: "database" });
});

test("creates a service's transit key and allows encryption and decryption with it", () => {
  const output = config({ services: [{ ...production.services![0], encryptionKey: true }] });
  expect(output.resource("vault_transit_secret_backend_key").name).toBe("payment-service");
  const { policy } = output.resources("vault_policy").find(({ name }) => name === "payment-service")!;
  expect(policy).toContain('path "transit/encrypt/payment-service"');
  expect(policy).toContain('path "transit/decrypt/payment-service"');
});

test("creates Enterprise namespaces, Sentinel policies and a lease limit only when configured", () => {
  const licence = { secretName: "licence", key: "vault.hclic" };
  const output = config({
    vault: {
      ...production.vault,
      enterprise: {
        licence,
        namespaces: true,
        sentinel: [{ name: "office-hours", paths: ["secret/*"], code: "main = rule { true }" }],
        sentinelRoles: [
          { name: "from-the-cluster", services: ["payment-service"], code: "main = rule { true }" },
        ],
        maxLeases: 1000,
      },
    },
  });
  expect(output.resource("vault_rgp_policy")).toMatchObject({
    name: "from-the-cluster",
    enforcement_level: "hard-mandatory",
  });
  expect(output.resources("vault_namespace").map(({ path }) => path)).toEqual(["teams", "payments"]);
  expect(output.resource("vault_egp_policy")).toMatchObject({ name: "office-hours", paths: ["secret/*"] });
  expect(output.resource("vault_quota_lease_count").max_leases).toBe(1000);
  for (const type of ["vault_namespace", "vault_egp_policy", "vault_rgp_policy", "vault_quota_lease_count"]) {
    expect(plain.resources(type)).toEqual([]);
  }
});

test("adds a service's Sentinel policy to its token policies, in a team's stack too", () => {
  const policy = { name: "from-the-cluster", services: ["payment-service"], code: "main = rule { true }" };
  const licence = { secretName: "licence", key: "vault.hclic" };
  const change = { vault: { ...production.vault, enterprise: { licence, sentinelRoles: [policy] } } };
  const policies = (output: Synthesized) =>
    output
      .resources("vault_kubernetes_auth_backend_role")
      .find(({ role_name }) => role_name === "payment-service")!.token_policies;
  expect(policies(config(change))).toEqual([
    expect.stringContaining("vault_policy."),
    expect.stringMatching(/^\$\{vault_rgp_policy\.Enterprise_Sentinel-from-the-cluster_\w+\.name\}$/),
  ]);
  expect(policies(config({ ...change, shards: "team" }, "config-payments"))).toEqual([
    expect.stringContaining("vault_policy."),
    "from-the-cluster",
  ]);
  expect(policies(plain)).toHaveLength(1);
});
