import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { grantAuditor } from "../../constructs/auth/access-levels";
import { LoginMfa } from "../../constructs/auth/login-mfa";
import { OidcAuth } from "../../constructs/auth/oidc-auth";
import { OidcGroup } from "../../constructs/auth/oidc-group";
import { TerraformRun } from "../engines/support/terraform-run";
import { DevVault } from "../support/servers/dev-vault";
import { describeUnless, missingPrograms } from "../support/needs";
import { bootstrapPolicy, policiesOfConfig } from "./support/config-policies";

const missing = missingPrograms("vault") ?? TerraformRun.missing();

const CHANGING = ["create", "update", "patch", "delete"];

const DATABASE = [
  "config/x",
  "reload/x",
  "reset/x",
  "roles/x",
  "rotate-role/x",
  "rotate-root/x",
  "static-roles/x",
];

/** `generate` and `rotate` are allowed, except that the type `exported` is denied. */
const PKI = [
  "acme/mgmt/account/keyid/x",
  "config/acme",
  "config/auto-tidy",
  "config/ca",
  "config/cluster",
  "config/crl",
  "config/issuers",
  "config/keys",
  "config/urls",
  "eab/x",
  "intermediate/cross-sign",
  "intermediate/generate/x",
  "intermediate/set-signed",
  "issuer/x",
  "issuer/x/resign-crls",
  "issuer/x/revoke",
  "issuers/generate/intermediate/x",
  "issuers/generate/root/x",
  "issuers/import/bundle",
  "issuers/import/cert",
  "key/x",
  "keys/generate/internal",
  "keys/generate/kms",
  "keys/import",
  "revoke",
  "revoke-with-key",
  "roles/x",
  "root",
  "root/generate/x",
  "root/replace",
  "root/rotate/x",
  "tidy",
  "tidy-cancel",
];

/** Hashes and random bytes require no key. */
const TRANSIT = [
  "cache-config",
  "config/keys",
  "hash",
  "hash/x",
  "keys/x",
  "keys/x/config",
  "keys/x/rotate",
  "keys/x/set-certificate",
  "keys/x/trim",
  "random",
  "random/x",
  "random/x/x",
];

/** A new path in another version of Vault needs a review: can it reveal a secret or bypass a denial? */
const SYSTEM = [
  "activation-flags",
  "audit-hash",
  "audit",
  "auth",
  "capabilities",
  "capabilities-accessor",
  "capabilities-self",
  "config",
  "control-group",
  "generate-root",
  "internal",
  "leases",
  "locked-users",
  "loggers",
  "managed-keys",
  "mfa",
  "mounts",
  "namespaces",
  "plugins",
  "policies",
  "policy",
  "quotas",
  "rekey",
  "renew",
  "revoke",
  "revoke-force",
  "revoke-prefix",
  "rotate",
  "seal",
  "sealwrap",
  "step-down",
  "tools",
  "wrapping",
];

/** All token paths except creation. */
const TOKENS = [
  "lookup",
  "lookup-accessor",
  "renew",
  "renew-accessor",
  "renew-self",
  "revoke",
  "revoke-accessor",
  "revoke-orphan",
  "revoke-self",
  "roles/x",
  "tidy",
];
/** `totp/generate` only affects the caller. */
const IDENTITY = [
  "group",
  "group-alias",
  "group-alias/id/x",
  "group/id/x",
  "group/name/x",
  "lookup/entity",
  "lookup/group",
  "mfa/login-enforcement/x",
  "mfa/method/duo",
  "mfa/method/duo/x",
  "mfa/method/okta",
  "mfa/method/okta/x",
  "mfa/method/pingid",
  "mfa/method/pingid/x",
  "mfa/method/totp",
  "mfa/method/totp/generate",
  "mfa/method/totp/x",
  "oidc/assignment/x",
  "oidc/client/x",
  "oidc/config",
  "oidc/introspect",
  "oidc/key/x",
  "oidc/key/x/rotate",
  "oidc/provider/x",
  "oidc/provider/x/authorize",
  "oidc/provider/x/userinfo",
  "oidc/role/x",
  "oidc/scope/x",
];
const SECOND_FACTORS = ["mfa/method/totp/admin-destroy", "mfa/method/totp/admin-generate"];
const ENTITIES = [
  "alias",
  "alias/id/x",
  "entity",
  "entity-alias",
  "entity-alias/id/x",
  "entity/batch-delete",
  "entity/id/x",
  "entity/merge",
  "entity/name/x",
  "persona",
  "persona/id/x",
];

describeUnless(missing)("deploy identities on a real Vault", () => {
  let vault: DevVault;
  const policies = { ...policiesOfConfig(), "terraform-deploy": bootstrapPolicy };
  const token = async (policy: string): Promise<string> =>
    (await vault.write("auth/token/create", { policies: [policy] })).auth.client_token;

  beforeAll(async () => {
    vault = await DevVault.start();
    await vault.write("sys/auth/terraform", { type: "kubernetes" });
    await vault.write("sys/auth/kubernetes", { type: "kubernetes" });
    await vault.write("sys/audit/bootstrap-file", {
      type: "file",
      options: { file_path: `${vault.folder}/audit.log` },
    });
    await vault.write("sys/mounts/secret", { type: "kv", options: { version: "2" } });
    for (const [path, type] of [
      ["database", "database"],
      ["pki", "pki"],
      ["pki-root", "pki"],
      ["transit", "transit"],
    ])
      await vault.write(`sys/mounts/${path}`, { type });
    for (const [name, policy] of Object.entries(policies))
      await vault.write(`sys/policies/acl/${name}`, { policy });
    // The KV secrets engine becomes ready shortly after its mount.
    for (let attempt = 0; attempt < 50; attempt++) {
      if ((await vault.call("POST", "secret/data/app/config", { data: { key: "value" } })).status === 200)
        return;
      await new Promise((later) => setTimeout(later, 100));
    }
    throw new Error("the KV engine did not become ready");
  }, 60_000);

  afterAll(() => vault?.stop());

  describe.each([["deploy"], ["terraform-deploy"]])("Terraform as %s", (policy) => {
    const everything = { policy: 'path "*" { capabilities = ["sudo", "read", "update"] }' };

    test.each([
      ["POST", "sys/policies/acl/terraform-deploy"],
      ["POST", "sys/policies/acl/terraform-bootstrap"],
      ["POST", "sys/policies/acl/Terraform-Deploy"],
      ["POST", "sys/policies/acl/%20terraform-deploy"],
      ["POST", "sys/policies/acl/terraform-deploy%20"],
      ["POST", "sys/policies/acl/%2Fterraform-deploy"],
      ["POST", "sys/policies/acl/.%2Fterraform-deploy"],
      ["POST", "sys/policies/acl/%20%2Fterraform-deploy"],
      ["POST", "sys/policy/terraform-deploy"],
      ["POST", "sys/policy/tERRAFORM-deploy"],
      ["POST", "sys/policy/%2Fterraform-deploy"],
      ["DELETE", "sys/policies/acl/terraform-deploy"],
      ["DELETE", "sys/policies/acl/%2F%2Fterraform-deploy"],
    ])("is refused %s %s, and the policy stays the same", async (method, path) => {
      const body = method === "POST" ? everything : undefined;
      expect((await vault.call(method, path, body, await token(policy))).status).toBe(403);
      const { policy: text } = await vault.read("sys/policies/acl/terraform-deploy");
      expect(text).toBe(bootstrapPolicy);
    });

    test.each([
      ["DELETE", "sys/auth/terraform"],
      ["DELETE", "sys/auth/terraform/"],
      ["DELETE", "sys/auth/%2Fterraform"],
      ["DELETE", "sys/auth/%2F%2Fterraform"],
      ["DELETE", "sys/auth/%2F%5Cterraform"],
      ["DELETE", "sys/auth/%5Cterraform"],
      ["DELETE", "sys/auth/%20terraform"],
      ["DELETE", "sys/auth/.%2Fterraform"],
      ["DELETE", "sys/auth/Terraform"],
      ["DELETE", "sys/mounts/auth/terraform"],
      ["DELETE", "sys/mounts/%2Fauth/terraform"],
      ["POST", "sys/auth/terraform/tune"],
      ["POST", "sys/auth/%2Fterraform/tune"],
      ["POST", "sys/mounts/auth/terraform/tune"],
      ["POST", "sys/mounts/%2Fauth/terraform/tune"],
      ["POST", "sys/mounts/auth%2F%2Fterraform/tune"],
      ["POST", "auth/terraform/role/deploy"],
      ["POST", "auth/%2Fterraform/role/deploy"],
      ["DELETE", "sys/audit/bootstrap-file"],
      ["DELETE", "sys/audit/bootstrap-file/"],
      ["DELETE", "sys/audit/%2Fbootstrap-file"],
      ["DELETE", "sys/audit/.%2Fbootstrap-file"],
      ["POST", "sys/remount"],
    ])("changes neither auth mount nor audit device of the bootstrap by %s %s", async (method, path) => {
      const before = await vault.read("sys/auth");
      const body = { description: "changed", from: "auth/terraform", to: "auth/moved" };
      await vault.call(method, path, method === "POST" ? body : undefined, await token(policy));
      expect((await vault.read("sys/auth"))["terraform/"]).toEqual(before["terraform/"]);
      expect(Object.keys(await vault.read("sys/audit"))).toContain("bootstrap-file/");
      expect((await vault.call("GET", "auth/terraform/role/deploy")).status).toBe(404);
    });

    test("gets no token, entity or mount that reads a secret", async () => {
      const login = await vault.write("auth/token/create", { policies: [policy] });
      const own = login.auth.client_token;
      const reads = { policy: 'path "secret/data/app/*" { capabilities = ["read"] }' };
      await vault.write("sys/policies/acl/app", reads);
      for (const [method, path, body] of [
        ["POST", "auth/token/create", { policies: ["app"] }],
        ["POST", "auth/token/create-orphan", { policies: ["app"] }],
        ["POST", "identity/entity", { name: "me", policies: ["app"] }],
        ["POST", "identity/entity/name/me", { policies: ["app"] }],
        ["POST", "identity/entity-alias", { name: "me" }],
        ["POST", "identity/group", { name: "us", policies: ["app"], member_entity_ids: ["x"] }],
        ["POST", "identity/group/name/us", { policies: ["app"], member_group_ids: ["x"] }],
        ["POST", "sys/remount", { from: "secret", to: "moved" }],
        ["GET", "secret/data/app/config", undefined],
        ["GET", "secret/subkeys/app/config", undefined],
        ["POST", "secret/destroy/app/config", { versions: [1] }],
        ["POST", "secret/delete/app/config", { versions: [1] }],
        ["DELETE", "secret/metadata/app/config", undefined],
        ["POST", "secret/metadata/app/config", { max_versions: 1 }],
        ["GET", "secret/%2Fdata/app/config", undefined],
      ] as const) {
        const { status } = await vault.call(method, path, body, own);
        expect([path, status < 300]).toEqual([path, false]);
      }
      expect((await vault.call("LIST", "secret/metadata/app", undefined, own)).body.data.keys).toEqual([
        "config",
      ]);
      expect((await vault.call("GET", "secret/metadata/app/config", undefined, own)).status).toBe(200);
    });
  });

  describe("the writable paths of Vault's API", () => {
    /** Paths below a mount that authenticated users can write or delete, with parameters filled in. */
    async function paths(mount: string): Promise<string[]> {
      const { body } = await vault.call("GET", "sys/internal/specs/openapi");
      return Object.entries<Record<string, unknown>>(body.paths)
        .filter(([path, it]) => path.startsWith(`/${mount}/`) && (it.post || it.delete))
        .filter(([, it]) => !it["x-vault-unauthenticated"])
        .map(([path]) => path.slice(1).replace(/\{\w+\}/g, "x"));
    }

    async function changeable(policy: string, mount: string): Promise<string[]> {
      const all = await vault.capabilities(await token(policy), await paths(mount));
      return Object.entries(all)
        .filter(([, capabilities]) => capabilities.some((capability) => CHANGING.includes(capability)))
        .map(([path]) => path.slice(mount.length + 1))
        .sort();
    }

    test.each([["deploy"], ["admin"], ["terraform-deploy"]])(
      "match the reviewed list of engine paths as %s",
      async (policy) => {
        expect(await changeable(policy, "secret")).toEqual(["config"]);
        expect(await changeable(policy, "database")).toEqual(DATABASE);
        expect(await changeable(policy, "pki")).toEqual(PKI);
        expect(await changeable(policy, "transit")).toEqual(TRANSIT);
      },
    );

    test.each([
      ["deploy", SYSTEM],
      ["terraform-deploy", SYSTEM],
      ["admin", [...SYSTEM, "replication", "storage"]],
    ])("match the reviewed kinds of system paths as %s", async (policy, expected) => {
      const kinds = (await changeable(policy, "sys")).map((path) => path.split("/")[0]);
      expect([...new Set(kinds)].sort()).toEqual([...expected].sort());
    });

    test.each([
      ["deploy", [...IDENTITY]],
      ["terraform-deploy", [...IDENTITY, ...SECOND_FACTORS]],
      ["admin", [...IDENTITY, ...SECOND_FACTORS, ...ENTITIES]],
    ])("match the reviewed token and identity paths as %s", async (policy, expected) => {
      expect(await changeable(policy, "auth/token")).toEqual(TOKENS);
      expect(await changeable(policy, "identity")).toEqual([...expected].sort());
    });
  });

  test.each([["deploy"], ["terraform-deploy"]])(
    "%s applies and changes a stack with human access",
    async (policy) => {
      const terraform = new TerraformRun();
      try {
        const stack = new TerraformStack(Testing.app(), policy);
        new VaultProvider(stack, "Vault", { skipChildToken: true });
        const auth = new OidcAuth(stack, "Auth", {
          path: policy,
          issuer: "https://id.example.com",
          clientId: "vault",
          addresses: ["https://vault.example.com"],
        });
        const group = new OidcGroup(stack, "Group", { auth, groupName: `people-${policy}`, group: policy });
        grantAuditor(group, [auth]);
        new LoginMfa(stack, "Mfa", { enforcementName: policy, issuer: policy, groups: [group] });
        await terraform.use(stack);
        const env = { VAULT_ADDR: vault.address, VAULT_TOKEN: await token(policy) };
        await terraform.apply(env);
        expect(await terraform.plan(env)).toEqual([]);
        group.grant({ path: "sys/health", capabilities: ["read"], reason: "changes the policy" });
        group.identityGroups[0].metadata = { changed: "yes" };
        await terraform.use(stack);
        await terraform.apply(env);
        expect(await terraform.plan(env)).toEqual([]);
      } finally {
        terraform.remove();
      }
    },
    60_000,
  );

  test("lets a secret writer write, list, delete and undelete, but not read or destroy", async () => {
    const writer = await token("secret-writers");
    const call = (method: string, path: string, body?: object) => vault.call(method, path, body, writer);
    expect((await call("POST", "secret/data/team/config", { data: { a: "1", b: "2" } })).status).toBe(200);
    const patched = await fetch(`${vault.address}/v1/secret/data/team/config`, {
      method: "PATCH",
      headers: { "X-Vault-Token": writer, "Content-Type": "application/merge-patch+json" },
      body: JSON.stringify({ data: { b: "3" } }),
    });
    expect(patched.status).toBe(200);
    expect((await vault.read("secret/data/team/config")).data).toEqual({ a: "1", b: "3" });
    expect((await call("LIST", "secret/metadata")).body.data.keys).toContain("team/");
    expect((await call("GET", "secret/metadata/team/config")).body.data.current_version).toBe(2);
    expect((await call("GET", "secret/subkeys/team/config")).body.data.subkeys).toEqual({ a: null, b: null });
    expect((await call("POST", "secret/delete/team/config", { versions: [2] })).status).toBe(204);
    expect((await call("POST", "secret/undelete/team/config", { versions: [2] })).status).toBe(204);
    expect((await call("DELETE", "secret/data/team/config")).status).toBe(204);
    for (const [method, path] of [
      ["GET", "secret/data/team/config"],
      ["POST", "secret/destroy/team/config"],
      ["DELETE", "secret/metadata/team/config"],
      ["POST", "secret/metadata/team/config"],
      ["POST", "secret/data/vault-platform/canary"],
      ["DELETE", "secret/data/vault-platform/canary"],
      ["POST", "secret/config"],
      ["GET", "database/creds/x"],
    ])
      expect([path, (await call(method, path, method === "POST" ? { data: {} } : undefined)).status]).toEqual(
        [path, 403],
      );
  });
});
