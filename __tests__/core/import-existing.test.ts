import { AuthBackend } from "@cdktf/provider-vault/lib/auth-backend";
import { DatabaseSecretBackendConnection } from "@cdktf/provider-vault/lib/database-secret-backend-connection";
import { Policy } from "@cdktf/provider-vault/lib/policy";
import type { TerraformStack } from "cdktf";
import { Testing } from "cdktf";
import { importResource } from "../../constructs/core/import-existing";
import { EnterpriseNamespace } from "../../constructs/enterprise/enterprise-namespace";
import { describeWithPrograms } from "../support/needs";
import { vaultStack } from "../support/vault-stack";

/** Import blocks and lifecycle of the only resource of a stack. */
function synthesize(build: (stack: TerraformStack) => void) {
  const stack = vaultStack();
  build(stack);
  const { import: imports, resource } = JSON.parse(Testing.synth(stack, true));
  const [body] = Object.values(Object.values(resource)[0] as Record<string, { lifecycle: object }>);
  return { imports, lifecycle: body.lifecycle as { ignore_changes: string[]; prevent_destroy?: boolean } };
}

// cdktf determines the version of Terraform if a stack contains imports.
describeWithPrograms("terraform")("importResource", () => {
  test("writes an import block and ignores each argument that is not set", () => {
    const { imports, lifecycle } = synthesize((stack) => {
      const mount = new AuthBackend(stack, "Mount", {
        type: "kubernetes",
        path: "k8s",
        lifecycle: { preventDestroy: true, ignoreChanges: ["path"] },
      });
      importResource(mount, "k8s");
    });

    expect(imports).toEqual([{ id: "k8s", to: expect.stringMatching(/^vault_auth_backend\.Mount/) }]);
    expect(lifecycle.prevent_destroy).toBe(true);
    expect(lifecycle.ignore_changes).toEqual(expect.arrayContaining(["path", "description", "tune"]));
    expect(lifecycle.ignore_changes).not.toContain("type");
    expect(lifecycle.ignore_changes).not.toContain("id");
  });

  test("ignores the unset arguments inside a block that is partly set", () => {
    const { lifecycle } = synthesize((stack) => {
      const connection = new DatabaseSecretBackendConnection(stack, "Connection", {
        backend: "database",
        name: "orders",
        postgresql: { maxOpenConnections: 7 },
      });
      importResource(connection, "database/config/orders");
    });

    expect(lifecycle.ignore_changes).toEqual(
      expect.arrayContaining(["allowed_roles", "mysql", "postgresql[0].username"]),
    );
    expect(lifecycle.ignore_changes).not.toContain("postgresql");
    expect(lifecycle.ignore_changes).not.toContain("postgresql[0].max_open_connections");
  });

  test("counts a list of blocks by its index", () => {
    const { lifecycle } = synthesize((stack) => {
      const mount = new AuthBackend(stack, "Mount", { type: "jwt", tune: [{ maxLeaseTtl: "1h" }] });
      importResource(mount, "jwt");
    });

    expect(lifecycle.ignore_changes).toContain("tune[0].default_lease_ttl");
    expect(lifecycle.ignore_changes).not.toContain("tune[0].max_lease_ttl");
  });

  test("treats an argument that an override sets as set", () => {
    const { lifecycle } = synthesize((stack) => {
      const connection = new DatabaseSecretBackendConnection(stack, "Connection", {
        backend: "database",
        name: "orders",
        postgresql: { maxOpenConnections: 7 },
      });
      importResource(connection, "database/config/orders");
      connection.addOverride("verify_connection", false);
      connection.addOverride("postgresql.username", "other");
    });

    expect(lifecycle.ignore_changes).not.toContain("verify_connection");
    expect(lifecycle.ignore_changes).not.toContain("postgresql[0].username");
    expect(lifecycle.ignore_changes).toContain("postgresql[0].password");
  });

  test("ignores a required argument that holds a placeholder", () => {
    const { lifecycle } = synthesize((stack) => {
      importResource(new Policy(stack, "Policy", { name: "a", policy: "-" }), "a", ["policy"]);
    });

    expect(lifecycle.ignore_changes).toContain("policy");
    expect(lifecycle.ignore_changes).not.toContain("name");
  });

  test("escapes the id, so that Terraform reads it unchanged", () => {
    const { imports } = synthesize((stack) => {
      importResource(new Policy(stack, "Policy", { name: "a", policy: "-" }), "${a}");
    });

    expect(imports[0].id).toBe("$${a}");
  });

  test("rejects a namespace of Vault Enterprise", () => {
    const stack = vaultStack();
    const team = EnterpriseNamespace.fromAttributes(stack, "Team", { path: "teams/payments" });
    const policy = new Policy(team, "Policy", { name: "a", policy: "-" });

    expect(() => importResource(policy, "a")).toThrow(
      'importExisting must not be set in a namespace of Vault Enterprise, got "teams/payments"',
    );
  });
});
