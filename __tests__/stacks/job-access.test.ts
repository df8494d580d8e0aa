import { TerraformStack, Testing } from "cdktf";
import { KubernetesAuth } from "../../constructs/auth/kubernetes-auth";
import { KeyValueEngine } from "../../constructs/engines/key-value-engine";
import { JobAccess } from "../../stacks/config/job-access";
import { Synthesized } from "../support/synth";

const stack = new TerraformStack(Testing.app(), "test");
new JobAccess(stack, "Jobs", {
  auth: new KubernetesAuth(stack, "Auth"),
  keyValue: new KeyValueEngine(stack, "KeyValue"),
  namespace: "vault",
  serviceAccounts: {
    backup: "vault-backup",
    drill: "vault-drill",
    restore: "vault-restore",
    rollout: "vault-rollout",
    drReplication: "vault-dr-replication",
  },
  canary: "production",
});
const output = new Synthesized(JSON.parse(Testing.synth(stack)));
const policy = (name: string): string =>
  output.resources("vault_policy").find((it) => it.name === name)!.policy;

const counts = `path "sys/mounts" {
  capabilities = ["read"]
}
path "sys/auth" {
  capabilities = ["read"]
}
path "sys/policies/acl" {
  capabilities = ["list"]
}
path "auth/kubernetes/role" {
  capabilities = ["list"]
}
`;

test("allows the backup to take snapshots and to count, but to read no secret", () => {
  expect(policy("vault-backup")).toBe(`path "sys/storage/raft/snapshot" {
  capabilities = ["read"]
}
${counts}`);
});

test("allows the restore the same as the drill", () => {
  expect(policy("vault-restore")).toBe(policy("vault-drill"));
});

test("allows the drill to read the canary and to count", () => {
  expect(policy("vault-drill")).toBe(`path "secret/data/vault-platform/canary" {
  capabilities = ["read"]
}
${counts}`);
});

test("allows the rollout to read autopilot's state and to step down the active server", () => {
  expect(policy("vault-rollout")).toBe(`path "sys/storage/raft/autopilot/state" {
  capabilities = ["read"]
}
path "sys/step-down" {
  capabilities = ["update", "sudo"]
}
`);
});

test("binds each role to its ServiceAccount, for an hour at most", () => {
  const roles = output.resources("vault_kubernetes_auth_backend_role");
  expect(roles.map((role) => role.role_name).sort()).toEqual([
    "vault-backup",
    "vault-drill",
    "vault-restore",
    "vault-rollout",
  ]);
  for (const role of roles) {
    expect(role).toMatchObject({
      bound_service_account_names: [role.role_name],
      bound_service_account_namespaces: ["vault"],
      token_max_ttl: 3600,
    });
  }
});

test("writes the canary without reading it into the state", () => {
  const canary = output.resource("vault_kv_secret_v2");
  expect(canary).toMatchObject({
    name: "vault-platform/canary",
    data_json_wo: '{"value":"production"}',
    disable_read: true,
  });
  expect(canary).not.toHaveProperty("data_json");
});
