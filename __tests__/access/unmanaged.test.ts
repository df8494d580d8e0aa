import { Audit } from "@cdktf/provider-vault/lib/audit";
import { AuthBackend } from "@cdktf/provider-vault/lib/auth-backend";
import { GenericEndpoint } from "@cdktf/provider-vault/lib/generic-endpoint";
import { IdentityEntity } from "@cdktf/provider-vault/lib/identity-entity";
import { IdentityGroup } from "@cdktf/provider-vault/lib/identity-group";
import { KubernetesAuthBackendRole } from "@cdktf/provider-vault/lib/kubernetes-auth-backend-role";
import { Mount } from "@cdktf/provider-vault/lib/mount";
import { Policy } from "@cdktf/provider-vault/lib/policy";
import type { TerraformStack } from "cdktf";
import { findUnmanaged, type UnmanagedReport } from "../../access/unmanaged";
import { renderUnmanaged } from "../../access/render-unmanaged";
import { VaultClient } from "../../access/vault-client";
import { describeWithPrograms } from "../support/needs";
import { DevVault } from "../support/servers/dev-vault";
import { platform } from "./support/platform";

const READ = 'path "a" { capabilities = ["read"] }';

/** Content of the code. A development server already has the mount `secret`. */
const code = (stack: TerraformStack) => {
  new Mount(stack, "Kv", { path: "secret", type: "kv" });
  new AuthBackend(stack, "People", { type: "userpass", path: "people" });
  new GenericEndpoint(stack, "Known", {
    path: "auth/people/users/known",
    dataJson: JSON.stringify({ policies: "known" }),
  });
  new Policy(stack, "Policy", { name: "known", policy: READ });
  new IdentityEntity(stack, "Entity", { name: "known" });
};

describeWithPrograms("vault")("unmanaged objects in a real Vault", () => {
  let vault: DevVault;
  const look = async (token: string, program = code): Promise<UnmanagedReport> => {
    const client = VaultClient.fromEnvironment({ VAULT_ADDR: vault.address, VAULT_TOKEN: token });
    try {
      return await findUnmanaged(platform(program), client);
    } finally {
      client.close();
    }
  };
  const stray = ({ strays }: UnmanagedReport) =>
    strays.map(({ kind, name, what }) => `${kind}: ${name}: ${what}`);

  beforeAll(async () => {
    vault = await DevVault.start({ hasSecrets: true });
    // State that results from the code and from the bootstrap.
    await vault.done("POST", "sys/auth/people", { type: "userpass" });
    await vault.done("POST", "auth/people/users/known", { password: "x", token_policies: ["known"] });
    await vault.done("PUT", "sys/policies/acl/known", { policy: READ });
    await vault.done("PUT", "sys/policies/acl/terraform-deploy", { policy: READ });
    await vault.done("POST", "identity/entity", { name: "known" });
    await vault.done("POST", "auth/people/login/known", { password: "x" });
    await vault.done("POST", "sys/auth/terraform", { type: "approle" });
    await vault.done("POST", "auth/terraform/role/deploy", { token_policies: ["terraform-deploy"] });
  }, 30_000);
  afterAll(() => vault?.stop());

  it("finds only the root token if nothing was created by hand", async () => {
    const report = await look(vault.rootToken);

    expect(stray(report)).toEqual([
      expect.stringMatching(/^root token: accessor [\w.-]+: token, ends never$/),
    ]);
    expect(report.denied).toEqual([]);
  });

  it("finds all objects that were created by hand, and does not print the token", async () => {
    await vault.done("POST", "sys/mounts/side", { type: "kv", description: "by hand" });
    await vault.done("POST", "sys/auth/door", { type: "approle" });
    await vault.done("POST", "auth/door/role/back", { token_policies: ["hand", "default"] });
    await vault.done("POST", "auth/people/users/eve", { password: "x", token_policies: ["hand"] });
    await vault.done("POST", "auth/token/roles/maker", { allowed_policies: ["hand"] });
    await vault.done("POST", "auth/terraform/role/other", { token_policies: ["hand"] });
    await vault.done("PUT", "sys/policies/acl/hand", { policy: READ });
    await vault.done("POST", "identity/entity", { name: "mallory", policies: ["hand"] });
    await vault.done("POST", "identity/group", { name: "friends", policies: ["hand"] });
    await vault.done("POST", "sys/audit/copy", { type: "file", options: { file_path: "discard" } });

    const report = await look(vault.rootToken);

    expect(stray(report).filter((line) => !line.startsWith("root token"))).toEqual([
      "audit device: copy: file",
      "auth mount: door: approle",
      "login: auth/door role back: policies hand, default",
      "login: auth/people user eve: policies hand",
      "login: auth/terraform role other: policies hand",
      "login: auth/token role maker: policies hand",
      "mount: side: kv: by hand",
      "policy: hand: vault policy read shows it",
      "group: friends: policies hand",
      "entity: mallory: policies hand",
    ]);
    for (const format of ["table", "markdown", "json"] as const) {
      expect(renderUnmanaged(report, format)).toContain("mallory");
      expect(renderUnmanaged(report, format)).not.toContain(vault.rootToken);
    }
  });

  it("finds managed objects whose contents differ from the code", async () => {
    const changed = (stack: TerraformStack) => {
      code(stack);
      new Policy(stack, "Ops", { name: "ops", policy: READ });
      new AuthBackend(stack, "Kubernetes", { type: "kubernetes", path: "k8s" });
      new KubernetesAuthBackendRole(stack, "App", {
        backend: "k8s",
        roleName: "app",
        boundServiceAccountNames: ["app"],
        boundServiceAccountNamespaces: ["shop"],
        audience: "vault",
        tokenPolicies: ["known"],
        tokenTtl: 600,
      });
      new KubernetesAuthBackendRole(stack, "Same", {
        backend: "k8s",
        roleName: "same",
        boundServiceAccountNames: ["same"],
        boundServiceAccountNamespaces: ["shop"],
        tokenBoundCidrs: ["10.0.0.1/32"],
      });
      new IdentityGroup(stack, "Group", { name: "team", policies: ["known"] });
      new Audit(stack, "Device", { path: "plain", type: "file", options: { file_path: "stdout" } });
    };
    await vault.done("PUT", "sys/policies/acl/ops", {
      policy: `${READ}\npath "sys/raw/*" { capabilities = ["read", "sudo"] }`,
    });
    await vault.done("PUT", "sys/policies/acl/known", {
      policy: '{"path": {"a": {"capabilities": ["read"]}}}',
    });
    await vault.done("POST", "sys/auth/k8s", { type: "kubernetes" });
    await vault.done("POST", "auth/k8s/role/app", {
      bound_service_account_names: ["app", "stranger"],
      bound_service_account_namespaces: ["*"],
      token_policies: ["known", "ops"],
      token_ttl: 600,
    });
    await vault.done("POST", "auth/k8s/role/same", {
      bound_service_account_names: "same",
      bound_service_account_namespaces: "shop",
      token_bound_cidrs: "10.0.0.1",
    });
    await vault.done("POST", "identity/group", { name: "team", policies: ["known", "ops"] });
    await vault.done("POST", "sys/audit/plain", {
      type: "file",
      options: { file_path: "stdout", log_raw: "true" },
    });

    const found = stray(await look(vault.rootToken, changed)).filter((line) => line.includes("differs"));

    expect(found).toEqual([
      "audit device: plain: differs from the code: log_raw: not set -> true",
      "login: auth/k8s role app: differs from the code: + policy ops; " +
        "+ bound_service_account_names stranger; " +
        "+ bound_service_account_namespaces *; - bound_service_account_namespaces shop; " +
        "no longer limited by audience (vault)",
      "policy: ops: differs from the code: + sys/raw/* [read, sudo]",
      "group: team: differs from the code: + policy ops",
    ]);
  });

  it("reports paths that the login may not read", async () => {
    const { auth } = await vault.done("POST", "auth/token/create", { policies: ["known"] });
    const report = await look(auth.client_token);

    expect(report.strays).toEqual([]);
    expect(report.denied).toContain("sys/mounts");
    expect(renderUnmanaged(report, "table")).toContain(
      "not looked at, because the login may not: sys/mounts",
    );
  });
});

describe("VaultClient", () => {
  it.each([
    ["no address", { VAULT_TOKEN: "t" }, "VAULT_ADDR missing"],
    ["no token", { VAULT_ADDR: "https://vault" }, "VAULT_TOKEN missing"],
    ["neither", {}, "VAULT_ADDR and VAULT_TOKEN missing"],
    ["no URL", { VAULT_ADDR: "vault", VAULT_TOKEN: "secret-token" }, "must be a URL"],
    [
      "no TLS",
      { VAULT_ADDR: "http://vault.example.com", VAULT_TOKEN: "secret-token" },
      "must begin with https://",
    ],
  ])("rejects settings with %s", (_what, env, message) => {
    expect(() => VaultClient.fromEnvironment(env)).toThrow(message);
    expect(() => VaultClient.fromEnvironment(env)).not.toThrow("secret-token");
  });

  it("reports that Vault does not answer, without the token", async () => {
    const client = VaultClient.fromEnvironment({
      VAULT_ADDR: "http://127.0.0.1:1",
      VAULT_TOKEN: "secret-token",
    });

    await expect(client.list("sys/policies/acl")).rejects.toThrow(
      "Vault at http://127.0.0.1:1 did not answer",
    );
    await expect(client.list("sys/policies/acl")).rejects.not.toThrow("secret-token");
  });
});
