import { Policy as VaultPolicy } from "@cdktf/provider-vault/lib/policy";
import { DataVaultAuthBackend } from "@cdktf/provider-vault/lib/data-vault-auth-backend";
import { TerraformStack, Testing } from "cdktf";
import type { Construct } from "constructs";
import { AuditDevices } from "../../constructs/audit/audit-devices";
import { K8sAuthBinding } from "../../constructs/auth/k8s-auth-binding";
import { KubernetesAuth } from "../../constructs/auth/kubernetes-auth";
import { OidcAuth } from "../../constructs/auth/oidc-auth";
import { grantsOf, Policy } from "../../constructs/auth/policy";
import { RateLimitQuota } from "../../constructs/auth/rate-limit-quota";
import { VAULT_CONTEXT } from "../../constructs/core/vault-names";
import { KeyValueEngine } from "../../constructs/engines/key-value-engine";
import { PkiEngine } from "../../constructs/engines/pki-engine";
import { EnterpriseNamespace } from "../../constructs/enterprise/enterprise-namespace";
import { LeaseCountQuota } from "../../constructs/enterprise/lease-count-quota";
import { synthesizeVault, vaultStack } from "../support/vault-stack";

const licence = { secretName: "vault-licence", key: "licence" };

function teams(scope: Construct): EnterpriseNamespace {
  return new EnterpriseNamespace(scope, "Teams", { licence, path: "teams" });
}

type Body = Record<string, unknown>;

/** Complete Terraform JSON of a stack. */
function json(build: (stack: TerraformStack) => void) {
  const stack = vaultStack();
  build(stack);
  return JSON.parse(Testing.synth(stack));
}

function team(scope: Construct, path = "payments"): EnterpriseNamespace {
  return new EnterpriseNamespace(scope, path, { licence, path });
}

test("creates a namespace with prevent_destroy", () => {
  const output = synthesizeVault(
    (stack) => new EnterpriseNamespace(stack, "Team", { licence, path: "payments" }),
  );
  const namespace = output.resource("vault_namespace");
  expect(namespace).toMatchObject({ path: "payments", lifecycle: { prevent_destroy: true } });
  expect(namespace).not.toHaveProperty("namespace");
});

test.each([
  [undefined, "nothing"],
  [{ secretName: "", key: "licence" }, '{"secretName":"","key":"licence"}'],
  [{ secretName: "a", key: "" }, '{"secretName":"a","key":""}'],
])("rejects the licence %j", (wrong, got) => {
  expect(() => new EnterpriseNamespace(vaultStack(), "Team", { licence: wrong, path: "payments" })).toThrow(
    `a namespace needs Vault Enterprise: licence must name a Secret and its key, got ${got} [test/Team]`,
  );
});

test.each(["root", "sys", "identity", "Team", "a/b", ""])("rejects the name %j", (path) => {
  expect(() => new EnterpriseNamespace(vaultStack(), "Team", { licence, path })).toThrow(
    `path must be lower-case letters, digits and - and none of Vault's own, got "${path}" [test/Team]`,
  );
});

test("rejects a namespace name that is taken, and a mount with that name", () => {
  const stack = vaultStack();
  new EnterpriseNamespace(stack, "One", { licence, path: "payments" });
  expect(() => new EnterpriseNamespace(stack, "Two", { licence, path: "payments" })).toThrow(
    "namespace payments is taken: test/One has it already [test/Two]",
  );
  expect(() => new KeyValueEngine(stack, "KeyValue", { path: "payments" })).toThrow(
    "mount payments is taken: test/One has it already [test/KeyValue]",
  );
});

describe("a construct in its scope", () => {
  test("is created in the namespace at any depth, also as a plain resource", () => {
    const output = json((stack) => {
      const scope = team(teams(stack));
      const auth = new KubernetesAuth(scope, "Auth");
      const serviceAccount = { name: "app", namespace: "production" };
      const binding = new K8sAuthBinding(scope, "Binding", { auth, serviceAccount });
      new KeyValueEngine(scope, "KeyValue").grantRead(binding, "app/*");
      new VaultPolicy(scope, "Plain", { name: "plain", policy: "" });
      new DataVaultAuthBackend(scope, "Read", { path: "kubernetes" });
    });
    const { vault_namespace: made, ...others } = output.resource;
    const [, payments] = Object.keys(made);
    const bodies = [...Object.values(others), output.data.vault_auth_backend].flatMap(Object.values<Body>);
    expect(bodies).toHaveLength(8);
    for (const { namespace } of bodies) expect(namespace).toBe(`\${vault_namespace.${payments}.path_fq}`);
  });

  test("is created in the innermost namespace, which belongs to the outer one", () => {
    const output = json((stack) => {
      const outer = teams(stack);
      const inner = team(outer);
      new KeyValueEngine(outer, "KeyValue");
      new KeyValueEngine(inner, "KeyValue");
      new KeyValueEngine(stack, "KeyValue");
      expect(inner.fullPath).toBe("teams/payments");
    });
    const [outer, inner] = Object.keys(output.resource.vault_namespace);
    const of = (id: string) => `\${vault_namespace.${id}.path_fq}`;
    expect(Object.values<Body>(output.resource.vault_namespace).map(({ namespace }) => namespace)).toEqual([
      undefined,
      of(outer),
    ]);
    const mounts = Object.entries<Body>(output.resource.vault_mount).map(([id, { namespace }]) => [
      id.replace(/_?KeyValue.*/, ""),
      namespace,
    ]);
    expect(Object.fromEntries(mounts)).toEqual({
      "": undefined,
      Teams: of(outer),
      Teams_payments: of(inner),
    });
  });

  test("keeps the namespace that is set on it", () => {
    const output = synthesizeVault((stack) => {
      new VaultPolicy(team(stack), "Policy", { name: "plain", policy: "", namespace: "other" });
    });
    expect(output.resource("vault_policy").namespace).toBe("other");
  });

  test("is created in the namespace in HCL output as well", () => {
    const stack = vaultStack();
    new Policy(team(stack), "Policy", { policyName: "app" }).grant({
      path: "secret/data/app/*",
      capabilities: ["read"],
      reason: "reads",
    });
    const { hcl } = stack.toHclTerraform() as { hcl: string };
    expect(hcl).toMatch(/name = "app"\nnamespace = "\$\{vault_namespace\.payments_\w+\.path_fq\}"/);
  });

  test("is created in a namespace of another stack by its path", () => {
    const output = synthesizeVault((stack) => {
      const scope = EnterpriseNamespace.fromAttributes(stack, "Team", { path: "teams/payments" });
      expect(EnterpriseNamespace.pathOf(new KeyValueEngine(scope, "KeyValue"))).toBe("teams/payments");
      expect(EnterpriseNamespace.pathOf(stack)).toBe("");
    });
    expect(output.resource("vault_mount").namespace).toBe("teams/payments");
    expect(output.resources("vault_namespace")).toEqual([]);
  });

  test("records the namespace on grants and identities", () => {
    const scope = team(vaultStack());
    const auth = new KubernetesAuth(scope, "Auth");
    const binding = new K8sAuthBinding(scope, "App", {
      auth,
      serviceAccount: { name: "app", namespace: "production" },
    });
    new KeyValueEngine(scope, "KeyValue").grantRead(binding, "app/*");
    expect(grantsOf(scope)).toEqual([expect.objectContaining({ namespace: "payments", policy: "app" })]);
  });
});

describe("names", () => {
  const claim = (scope: Construct, id = "KeyValue") => new KeyValueEngine(scope, id);

  test.each([[{}], [{ [VAULT_CONTEXT]: "production" }]])(
    "are claimed per namespace and are unique within it (context %j)",
    (context) => {
      const app = Testing.app({ context });
      const stacks = ["one", "two"].map((id) => new TerraformStack(app, id));
      const [payments, books] = ["payments", "books"].map((name) => team(stacks[0], name));
      for (const scope of [stacks[0], payments, books]) claim(scope);
      expect(() => claim(payments, "Again")).toThrow("mount secret is taken: one/payments/KeyValue has it");
    },
  );

  test("are claimed across stacks of the same Vault", () => {
    const app = Testing.app({ context: { [VAULT_CONTEXT]: "production" } });
    claim(team(new TerraformStack(app, "one")));
    const other = new TerraformStack(app, "two");
    const same = EnterpriseNamespace.fromAttributes(other, "Team", { path: "payments" });
    expect(() => claim(same)).toThrow("mount secret is taken: one/payments/KeyValue has it");
    claim(EnterpriseNamespace.fromAttributes(other, "Other", { path: "books" }));
  });
});

test.each<[what: string, build: (scope: Construct) => unknown]>([
  ["a quota", (scope) => new RateLimitQuota(scope, "It", { quotaName: "all", rate: 1 })],
  ["a quota", (scope) => new LeaseCountQuota(scope, "It", { licence, quotaName: "all", maxLeases: 1 })],
  ["an audit device", (scope) => new AuditDevices(scope, "It")],
])("rejects %s in a namespace, because Vault has one for all namespaces", (what, build) => {
  expect(() => build(team(teams(vaultStack())))).toThrow(
    `${what} must be made outside of namespaces of Vault Enterprise, because Vault has it for all of them, got "teams/payments" [test/Teams/payments/It]`,
  );
});

describe("the path of a namespace", () => {
  test("is part of the links in certificates", () => {
    const vault = { address: "https://vault.example.com" };
    const output = synthesizeVault((stack) => {
      new PkiEngine(team(teams(stack)), "Pki", { vault, organization: "Example" });
    });
    const paths = output
      .resources("vault_pki_secret_backend_config_cluster")
      .map((it) => [it.path, it.aia_path]);
    const url = (mount: string) => `https://vault.example.com/v1/teams/payments/${mount}`;
    expect(paths).toEqual([
      [url("pki"), url("pki")],
      [url("pki-root"), url("pki-root")],
    ]);
  });

  test("is part of the OIDC configuration command", () => {
    const oidc = new OidcAuth(team(vaultStack()), "Oidc", {
      issuer: "https://id.example.com",
      clientId: "vault",
      addresses: ["https://vault.example.com"],
    });
    expect(oidc.configurationCommand).toContain("vault write payments/auth/oidc/config ");
  });
});

test.each(["", "/payments", "teams/", "teams//payments", "Teams", "teams/sys", "teams/../x"])(
  "rejects %j as the path of another stack's namespace",
  (path) => {
    expect(() => EnterpriseNamespace.fromAttributes(vaultStack(), "Team", { path })).toThrow(
      `path must be names parted by single slashes, such as teams/payments, got "${path}" [test/Team]`,
    );
  },
);

test("requires the full path of another stack's namespace, below its parent", () => {
  const outer = teams(vaultStack());
  expect(() => EnterpriseNamespace.fromAttributes(outer, "Team", { path: "payments" })).toThrow(
    'path must be from the root namespace, and below teams, in which it is, got "payments" [test/Teams/Team]',
  );
  const inner = EnterpriseNamespace.fromAttributes(outer, "Other", { path: "teams/payments" });
  expect(EnterpriseNamespace.pathOf(inner)).toBe("teams/payments");
});
