import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { ImportableConstructs } from "../../scripts/contract/importable-constructs";
import { K8sAuthBinding } from "../../constructs/auth/k8s-auth-binding";
import { KubernetesAuth } from "../../constructs/auth/kubernetes-auth";
import { Policy } from "../../constructs/auth/policy";
import { KeyValueEngine } from "../../constructs/engines/key-value-engine";
import { PostgresServer } from "../support/servers/postgres";
import { TerraformRun } from "../engines/support/terraform-run";
import { DevVault } from "../support/servers/dev-vault";
import { describeUnless, missingPrograms } from "../support/needs";
import { settingsOf, setUpExistingVault } from "./support/existing-vault";
import { StatedConstructs } from "./support/stated-constructs";

const missing = missingPrograms("vault", "postgres", "initdb") ?? TerraformRun.missing();

jest.setTimeout(120_000);

describeUnless(missing)("importExisting on a real Vault", () => {
  let vault: DevVault;
  let postgres: PostgresServer;
  let terraform: TerraformRun;
  const env = () => ({ VAULT_ADDR: vault.address, VAULT_TOKEN: vault.rootToken });

  beforeAll(async () => {
    [vault, postgres] = await Promise.all([DevVault.start(), PostgresServer.start()]);
    terraform = new TerraformRun();
    await setUpExistingVault(vault, postgres);
  });
  afterAll(async () => {
    await Promise.all([vault?.stop(), postgres?.stop()]);
    terraform?.remove();
  });

  const use = async (build: (stack: TerraformStack) => void) => {
    const stack = new TerraformStack(Testing.app(), "imports");
    new VaultProvider(stack, "Vault", { skipChildToken: true });
    build(stack);
    await terraform.use(stack);
  };
  const imported = (stack: TerraformStack) => void new ImportableConstructs(stack, "Imports");
  const stated = (stack: TerraformStack) => void new StatedConstructs(stack, "Imports");

  test("imports all constructs without changing their settings", async () => {
    const before = await settingsOf(vault);
    await use(imported);
    expect(await terraform.count(env())).toBe("41 to import, 0 to add, 0 to change, 0 to destroy");
    await terraform.apply(env());
    expect(await terraform.count(env())).toBe("No changes.");
    expect(await settingsOf(vault)).toEqual(before);
  });

  test("keeps every secret version readable after the next write", async () => {
    await vault.write("kv/data/orders/config", { options: { cas: 8 }, data: { value: "v9" } });
    for (let version = 1; version <= 9; version++) {
      expect((await vault.read(`kv/data/orders/config?version=${version}`)).data).toEqual({
        value: `v${version}`,
      });
    }
  });

  test("keeps database credentials and encryption working", async () => {
    expect((await vault.read("db/creds/orders")).username).toMatch(/^v-/);
    expect((await vault.read("db/static-creds/reports")).username).toBe("reports");
    const { data } = await vault.write("crypto/encrypt/cards", { plaintext: "YQ==", context: "YQ==" });
    expect(data.ciphertext).toMatch(/^vault:v3:/);
  });

  test("writes the given settings, and two that the provider always writes", async () => {
    const before = await settingsOf(vault);
    await use(stated);
    const changes = await terraform.plan(env());
    expect(changes.filter((it) => !it.startsWith("update "))).toEqual([]);
    await terraform.apply(env());
    expect(await terraform.count(env())).toBe("No changes.");
    const after = await settingsOf(vault);
    const changed = Object.entries(after).filter(
      ([key, value]) => JSON.stringify(before[key]) !== JSON.stringify(value),
    );
    expect(Object.keys(before).filter((key) => !(key in after))).toEqual([]);
    expect(Object.fromEntries(changed)).toEqual({
      "kv/config max_versions": 60,
      "sys/mounts db/.config.max_lease_ttl": 10 * 86400,
      "sys/mounts/db/tune max_lease_ttl": 10 * 86400,
      "db/config/orders-db connection_details.max_open_connections": 8,
      // The provider does not read these two, but sets them whenever it writes a connection.
      "db/config/orders-db verify_connection": false,
      "db/config/orders-db connection_details.disable_escaping": false,
      "db/roles/orders max_ttl": 7 * 86400,
      "sys/mounts crypto/.description": "Keys of cards",
      "sys/mounts/crypto/tune description": "Keys of cards",
      "crypto/keys/cards auto_rotate_period": 30 * 86400,
      "sys/mounts ca/.config.max_lease_ttl": 3 * 86400,
      "sys/mounts/ca/tune max_lease_ttl": 3 * 86400,
      "ca/roles/orders ttl": 7200,
      "sys/auth k8s/.config.max_lease_ttl": 3 * 86400,
      "sys/mounts/auth/k8s/tune max_lease_ttl": 3 * 86400,
      "auth/k8s/role/orders token_ttl": 1200,
      "sys/auth gitlab/.config.default_lease_ttl": 3 * 3600,
      "sys/mounts/auth/gitlab/tune default_lease_ttl": 3 * 3600,
      "auth/gitlab/role/plan token_max_ttl": 4 * 3600,
      "auth/sso/role/staff token_ttl": 2400,
      "auth/cloud/config/client iam_server_id_header_value": "vault.example.com",
      "auth/cloud/role/batch token_ttl": 600,
      "sys/quotas/rate-limit/global rate": 600,
    });
  });

  test("adds a grant, and keeps the policy's text and the role's other policies", async () => {
    const text = `# by hand
path "kv/data/orders/*" {
  capabilities = ["create", "read"]
}`;
    await vault.write("sys/policies/acl/grown", { policy: text });
    await vault.write("auth/k8s/role/grown", {
      bound_service_account_names: ["grown"],
      bound_service_account_namespaces: ["production"],
      token_policies: ["grown", "team-shared"],
    });
    const build = (granted: boolean) => (stack: TerraformStack) => {
      stated(stack);
      const policy = new Policy(stack, "Grown", {
        importExisting: true,
        policyName: "grown",
        document: text,
      });
      const binding = new K8sAuthBinding(stack, "GrownRole", {
        importExisting: true,
        auth: KubernetesAuth.fromAttributes(stack, "ImportedAuth", { path: "k8s" }),
        serviceAccount: { name: "grown", namespace: "production" },
        policy,
        additionalPolicies: [Policy.fromPolicyName(stack, "Shared", "team-shared")],
      });
      const secrets = KeyValueEngine.fromAttributes(stack, "Kv", { path: "kv" });
      if (granted) secrets.grantWrite(binding, "orders/config");
    };
    await use(build(false));
    expect(await terraform.count(env())).toBe("2 to import, 0 to add, 0 to change, 0 to destroy");
    await use(build(true));
    expect(await terraform.count(env())).toBe("2 to import, 0 to add, 1 to change, 0 to destroy");
    await terraform.apply(env());
    const { auth } = await vault.write("auth/token/create", { policies: ["grown"], no_default_policy: true });
    expect(
      await vault.capabilities(auth.client_token, ["kv/data/orders/config", "kv/data/orders/other"]),
    ).toEqual({
      "kv/data/orders/config": ["create", "patch", "read", "update"],
      "kv/data/orders/other": ["create", "read"],
    });
    expect((await vault.read("auth/k8s/role/grown")).token_policies).toEqual(["grown", "team-shared"]);
  });

  test("rejects a missing policy and a KV engine of version 1", async () => {
    await vault.write("sys/mounts/old", { type: "kv", options: { version: "1" } });
    await use((stack) => {
      stated(stack);
      new Policy(stack, "Missing", { importExisting: true, policyName: "missing" });
      new KeyValueEngine(stack, "Old", { importExisting: true, path: "old" });
    });
    const error = await terraform
      .plan(env())
      .catch((reason: Error) => reason.message.replace(/\s+[│|]?\s*/g, " "));
    expect(error).toContain("The policy missing must exist in Vault to be imported");
    expect(error).toContain("The mount old must be a KV engine of version 2");
  });
});
