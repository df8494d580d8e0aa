import { exampleCa } from "../../environments/shared";
import type { TerraformStack } from "cdktf";
import { AuditDevices } from "../../constructs/audit/audit-devices";
import { GithubAuthRole } from "../../constructs/auth/github-auth-role";
import { JwtAuth } from "../../constructs/auth/jwt-auth";
import { K8sAuthBinding } from "../../constructs/auth/k8s-auth-binding";
import { KubernetesAuth } from "../../constructs/auth/kubernetes-auth";
import { OidcAuth } from "../../constructs/auth/oidc-auth";
import { OidcGroup } from "../../constructs/auth/oidc-group";
import { Policy } from "../../constructs/auth/policy";
import { Duration } from "../../constructs/core/duration";
import { DatabaseEngine } from "../../constructs/engines/database-engine";
import { DynamicPostgresRole } from "../../constructs/engines/dynamic-postgres-role";
import { KeyValueEngine } from "../../constructs/engines/key-value-engine";
import { PkiEngine } from "../../constructs/engines/pki-engine";
import { PostgresDatabase } from "../../constructs/engines/postgres-database";
import { describeWithPrograms } from "../support/needs";
import { synthesizeVault, vaultStack } from "../support/vault-stack";

// cdktf determines the version of Terraform if a stack contains imports.
const describeWithTerraform = describeWithPrograms("terraform");
const importExisting = true;
const serviceAccount = { name: "orders", namespace: "production" };
const read = { path: "kv/data/x", capabilities: ["read"] as const, reason: "is tried" };
const binding = (stack: TerraformStack, more: object = {}) =>
  new K8sAuthBinding(stack, "Orders", {
    importExisting,
    auth: KubernetesAuth.fromAttributes(stack, "ImportedAuth", { path: "k8s" }),
    serviceAccount,
    ...more,
  });
const engine = DatabaseEngine.fromAttributes(vaultStack(), "ImportedEngine", { path: "db" });
const connection = (stack: TerraformStack, more: object = {}) =>
  new PostgresDatabase(stack, "Db", { importExisting, engine, connectionName: "orders-db", ...more });

describeWithTerraform("K8sAuthBinding with importExisting", () => {
  test("keeps audience, policies, TTLs and alias source of the role", () => {
    const role = synthesizeVault((stack) => binding(stack)).resource("vault_kubernetes_auth_backend_role");

    expect(Object.keys(role).sort()).toEqual([
      "backend",
      "bound_service_account_names",
      "bound_service_account_namespaces",
      "lifecycle",
      "role_name",
    ]);
    expect(role.lifecycle.ignore_changes).toEqual(
      expect.arrayContaining(["audience", "token_policies", "token_ttl", "alias_name_source"]),
    );
  });

  test("requires additionalPolicies before a grant", () => {
    expect(() => binding(vaultStack()).grant(read)).toThrow(
      "additionalPolicies must be set on what is imported, got nothing: it keeps its policies, so that it may not have " +
        "orders, which is granted to",
    );
  });

  test("requires the document of the policy before a grant", () => {
    expect(() => binding(vaultStack(), { additionalPolicies: [] }).grant(read)).toThrow(
      "document must be set on an imported policy that is granted anything",
    );
  });

  test("adds a grant to the document, and sets all policies of the role", () => {
    const output = synthesizeVault((stack) => {
      const policy = new Policy(stack, "Policy", {
        importExisting,
        policyName: "orders-read",
        document: 'path "a" { capabilities = ["read"] }',
      });
      binding(stack, {
        policy,
        additionalPolicies: [Policy.fromPolicyName(stack, "Shared", "team-shared")],
      }).grant(read);
    });

    expect(output.resource("vault_policy").policy).toBe(
      'path "a" { capabilities = ["read"] }\npath "kv/data/x" {\n  capabilities = ["read"]\n}\n',
    );
    expect(output.resource("vault_kubernetes_auth_backend_role").token_policies).toEqual([
      expect.stringMatching(/^\$\{vault_policy\..*\.name\}$/),
      "team-shared",
    ]);
  });
});

describeWithTerraform("Policy", () => {
  test("adds a postcondition with importExisting that rejects a missing policy", () => {
    const { lifecycle } = synthesizeVault(
      (stack) => void new Policy(stack, "Policy", { importExisting, policyName: "a" }),
    ).resource("vault_policy");

    expect(lifecycle.postcondition).toEqual([
      {
        condition: '${self.policy != ""}',
        error_message: "The policy a must exist in Vault to be imported: leave out importExisting.",
      },
    ]);
    expect(lifecycle.ignore_changes).toContain("policy");
  });

  test("rejects a document without importExisting", () => {
    expect(() => new Policy(vaultStack(), "P", { policyName: "a", document: 'path "a" {}' })).toThrow(
      "document must be left out unless importExisting is set",
    );
  });
});

describeWithTerraform("KeyValueEngine with importExisting", () => {
  const settings = (path: string, more: object = {}) =>
    synthesizeVault(
      (stack) => void new KeyValueEngine(stack, "Kv", { importExisting, path, ...more }),
    ).resources("vault_kv_secret_backend_v2");

  test("creates no settings resource on a path that the provider misreads", () => {
    expect(settings("app-config")).toEqual([]);
    expect(settings("app")).toHaveLength(1);
  });

  test("writes settings that cannot be imported only if all are set", () => {
    const all = { maxVersions: 50, casRequired: true, deleteVersionAfter: Duration.seconds(0) };

    expect(settings("app-config", all)).toMatchObject([{ max_versions: 50, cas_required: true }]);
    expect(() => settings("app-config", { maxVersions: 50 })).toThrow(
      "maxVersions, casRequired and deleteVersionAfter must be set together or not at all on the imported mount app-config",
    );
  });

  test("adds a postcondition that rejects a mount of version 1", () => {
    const { lifecycle } = synthesizeVault(
      (stack) => void new KeyValueEngine(stack, "Kv", { importExisting, path: "kv" }),
    ).resource("vault_mount");

    expect(lifecycle.postcondition).toEqual([
      expect.objectContaining({ condition: '${try(self.options.version, "1") == "2"}' }),
    ]);
  });
});

describeWithTerraform("PostgresDatabase with importExisting", () => {
  test("keeps the password of the connection", () => {
    const output = synthesizeVault((stack) => connection(stack));

    expect(output.resources("vault_generic_endpoint")).toEqual([]);
    expect(output.resource("vault_database_secret_backend_connection").postgresql).toBeUndefined();
  });

  test("writes and rotates the password if its version is set", () => {
    const output = synthesizeVault((stack) => connection(stack, { initialPasswordVersion: 2 }));

    expect(output.resources("vault_generic_endpoint")).toHaveLength(1);
    expect(output.resource("vault_database_secret_backend_connection").postgresql).toMatchObject({
      password_wo_version: 2,
    });
  });

  test("requires allowedRoles before a new role uses the connection", () => {
    const role = (stack: TerraformStack, database: PostgresDatabase) =>
      new DynamicPostgresRole(stack, "Role", { database, roleName: "new", maxTtl: Duration.hours(1) });
    const stack = vaultStack();

    expect(() => role(stack, connection(stack, { database: "orders" }))).toThrow(
      "allowedRoles must be set on what is imported, got nothing: the connection keeps its roles",
    );
    const other = vaultStack();
    const allowed = { database: "orders", allowedRoles: ["old", "new"] };
    expect(() => role(other, connection(other, allowed))).not.toThrow();
  });

  test.each(["port", "unsafeSslMode"])("rejects %s without a host", (prop) => {
    const value = prop === "port" ? 5433 : "require";
    expect(() => connection(vaultStack(), { [prop]: value })).toThrow(`host must be set beside ${prop}`);
  });
});

describeWithTerraform("other constructs with importExisting", () => {
  test.each([{ host: "https://10.0.0.1" }, { caCertificate: exampleCa }])(
    "KubernetesAuth rejects %p",
    (props) => {
      expect(() => new KubernetesAuth(vaultStack(), "Auth", { importExisting, ...props })).toThrow(
        `${Object.keys(props)[0]} must be left out where importExisting is set`,
      );
    },
  );

  test("GithubAuthRole rejects refs without a repository", () => {
    const stack = vaultStack();
    const auth = new JwtAuth(stack, "Jwt", { importExisting });

    expect(
      () =>
        new GithubAuthRole(stack, "Role", {
          importExisting,
          auth,
          roleName: "plan",
          refs: ["refs/heads/main"],
        }),
    ).toThrow("repository must be set beside refs, environments or subjects");
  });

  test("OidcAuth requires groupsClaim before a new group may log in", () => {
    const stack = vaultStack();
    const auth = new OidcAuth(stack, "Oidc", { importExisting });

    expect(() => new OidcGroup(stack, "Group", { auth, groupName: "ops", group: "vault-ops" })).toThrow(
      "groupsClaim must be set on what is imported, got nothing: the role keeps the groups that it admits",
    );
  });

  test("OidcAuth requires the issuer for the configuration command", () => {
    const auth = new OidcAuth(vaultStack(), "Oidc", { importExisting });

    expect(() => auth.configurationCommand).toThrow("issuer must be set on what is imported");
  });

  test("PkiEngine imports one mount, and creates no root certificate or issuer", () => {
    const output = synthesizeVault(
      (stack) => void new PkiEngine(stack, "Pki", { importExisting, path: "ca" }),
    );

    expect(output.resources("vault_mount").map(({ path }) => path)).toEqual(["ca"]);
    expect(output.resources("vault_pki_secret_backend_root_cert")).toEqual([]);
    expect(output.resources("vault_pki_secret_backend_issuer")).toEqual([]);
  });

  test("AuditDevices sets the given options, and ignores the others", () => {
    const { options, lifecycle } = synthesizeVault((stack) =>
      new AuditDevices(stack, "Audit").addSyslog({ importExisting, path: "sys_log/a", tag: "vault" }),
    ).resource("vault_audit");

    expect(options).toEqual({ tag: "vault" });
    expect(lifecycle.ignore_changes).toEqual(
      expect.arrayContaining(['options["facility"]', 'options["hmac_accessor"]', "description"]),
    );
    expect(lifecycle.ignore_changes).not.toContain('options["tag"]');
  });

  test("PkiEngine requires vault without importExisting", () => {
    expect(() => new PkiEngine(vaultStack(), "Pki", {} as never)).toThrow("vault must be");
  });
});
