import { KubernetesAuthBackendRole } from "@cdktf/provider-vault/lib/kubernetes-auth-backend-role";
import { K8sAuthBinding, type K8sAuthBindingProps } from "../../constructs/auth/k8s-auth-binding";
import { KubernetesAuth } from "../../constructs/auth/kubernetes-auth";
import { Policy, grantsOf } from "../../constructs/auth/policy";
import { Duration } from "../../constructs/core/duration";
import { synthesizeVault, vaultStack } from "../support/vault-stack";

const auth = KubernetesAuth.fromAttributes(vaultStack(), "ImportedAuth", { maxTtl: Duration.hours(48) });
const serviceAccount = { namespace: "production", name: "payment-service" };
const rule = { path: "secret/data/payment-service/*", capabilities: ["read"], reason: "reads" } as const;

const withProps = (props: Partial<K8sAuthBindingProps> = {}) =>
  synthesizeVault((stack) =>
    new K8sAuthBinding(stack, "Binding", { auth, serviceAccount, ...props }).grant(rule),
  );

test("binds a role to one ServiceAccount, an audience and a policy for an hour, by default", () => {
  const output = withProps();
  expect(output.resource("vault_kubernetes_auth_backend_role")).toEqual(
    expect.objectContaining({
      backend: "kubernetes",
      role_name: "payment-service",
      bound_service_account_names: ["payment-service"],
      bound_service_account_namespaces: ["production"],
      audience: "vault",
      alias_name_source: "serviceaccount_uid",
      token_ttl: 3600,
      token_max_ttl: 86400,
      token_policies: [expect.stringMatching(/^\$\{vault_policy\.Binding_Policy_\w+\.name\}$/)],
    }),
  );
  expect(output.resource("vault_policy").name).toBe("payment-service");
});

test("exposes role name, auth path, audience and TTLs", () => {
  const binding = new K8sAuthBinding(vaultStack(), "Binding", { auth, serviceAccount });
  expect(binding).toMatchObject({
    roleName: "payment-service",
    authPath: "kubernetes",
    audience: "vault",
    serviceAccount,
    tokenTtl: Duration.hours(1),
    tokenMaxTtl: Duration.hours(24),
    isPeriodic: false,
  });
});

test("sets role name, audience, TTLs and additional policies", () => {
  const output = withProps({
    roleName: "payments",
    audience: "https://vault.example.com",
    ttl: Duration.minutes(20),
    maxTtl: Duration.hours(48),
    additionalPolicies: [Policy.fromPolicyName(vaultStack(), "Shared", "shared")],
  });
  expect(output.resource("vault_kubernetes_auth_backend_role")).toMatchObject({
    role_name: "payments",
    audience: "https://vault.example.com",
    token_ttl: 1200,
    token_max_ttl: 172800,
    token_policies: [expect.stringContaining("vault_policy."), "shared"],
  });
  expect(output.resource("vault_policy").name).toBe("payments");
});

test("lowers the default TTL to a maxTtl below an hour", () => {
  expect(
    withProps({ maxTtl: Duration.minutes(10) }).resource("vault_kubernetes_auth_backend_role").token_ttl,
  ).toBe(600);
});

test("sets a period instead of TTLs for a periodic token", () => {
  const role = withProps({ period: Duration.hours(2) }).resource("vault_kubernetes_auth_backend_role");
  expect(role.token_period).toBe(7200);
  expect(role).not.toHaveProperty("token_ttl");
  expect(role).not.toHaveProperty("token_max_ttl");
  const binding = new K8sAuthBinding(vaultStack(), "B", { auth, serviceAccount, period: Duration.hours(2) });
  expect(binding).toMatchObject({ isPeriodic: true, tokenTtl: Duration.hours(2) });
});

test("renders grants that are made after the binding", () => {
  const output = synthesizeVault((stack) => {
    const binding = new K8sAuthBinding(stack, "Binding", { auth, serviceAccount });
    binding.grant(rule);
    binding.addCustomRule({ ...rule, path: "sys/health", reason: "by hand" });
  });
  expect(output.resource("vault_policy").policy).toMatch(/payment-service\/\*[\s\S]*sys\/health/);
});

test("lists the login, its policies and custom rules in the access map", () => {
  const stack = vaultStack();
  const binding = new K8sAuthBinding(stack, "Binding", {
    auth,
    serviceAccount,
    additionalPolicies: [Policy.fromPolicyName(vaultStack(), "Shared", "shared")],
  });
  binding.grant(rule);
  binding.addCustomRule({ ...rule, path: "sys/health" });
  expect(grantsOf(stack).map(({ custom }) => custom)).toEqual([false, true]);
});

test("rejects a binding without grants during synthesis", () => {
  expect(() =>
    synthesizeVault((stack) => new K8sAuthBinding(stack, "Binding", { auth, serviceAccount })),
  ).toThrow("policy payment-service grants nothing");
});

test.each<[string, Partial<K8sAuthBindingProps>, string]>([
  [
    "a wildcard namespace",
    { serviceAccount: { ...serviceAccount, namespace: "*" } },
    'serviceAccount.namespace must be one exact Kubernetes name without wildcards, got "*"',
  ],
  [
    "a namespace with a wildcard",
    { serviceAccount: { ...serviceAccount, namespace: "prod-*" } },
    'got "prod-*"',
  ],
  ["an empty namespace", { serviceAccount: { ...serviceAccount, namespace: "" } }, 'got ""'],
  [
    "a wildcard name",
    { serviceAccount: { ...serviceAccount, name: "*" } },
    "serviceAccount.name must be one exact",
  ],
  ["two names in one", { serviceAccount: { ...serviceAccount, name: "a,b" } }, 'got "a,b"'],
  ["an empty audience", { audience: "" }, "audience must be a string that is not empty"],
  ["a role name that Vault would change", { roleName: "Payment" }, "roleName must be lower-case"],
  [
    "ttl over max ttl",
    { ttl: Duration.hours(3), maxTtl: Duration.hours(2) },
    "ttl must be at most maxTtl, got 3h and 2h: a login ends there",
  ],
  [
    "a maximum above the mount's",
    { maxTtl: Duration.hours(72) },
    "maxTtl must be at most maxTtl of the mount auth/kubernetes, got 72h and 48h",
  ],
  [
    "a period above the mount's maximum",
    { period: Duration.hours(72) },
    "period must be at most maxTtl of the mount auth/kubernetes, got 72h and 48h",
  ],
  [
    "a period beside a ttl",
    { period: Duration.hours(1), ttl: Duration.hours(1), maxTtl: Duration.hours(2) },
    "period excludes ttl and maxTtl, got period 1h with ttl 1h and maxTtl 2h",
  ],
])("rejects %s", (_title, props, message) => {
  expect(() => withProps(props)).toThrow(message);
  expect(() => withProps(props)).toThrow("[test/Binding]");
});

test("rejects a second role of the same name, and names both constructs", () => {
  const stack = vaultStack();
  new K8sAuthBinding(stack, "One", { auth, serviceAccount });
  const other = { auth, serviceAccount: { ...serviceAccount, namespace: "staging" } };
  expect(() => new K8sAuthBinding(stack, "Two", other)).toThrow(
    "role auth/kubernetes/role/payment-service is taken: test/One has it already [test/Two]",
  );
  new K8sAuthBinding(stack, "Three", { ...other, roleName: "payment-service-staging" });
});

test("exposes the role as node.defaultChild", () => {
  const output = synthesizeVault((stack) => {
    const binding = new K8sAuthBinding(stack, "Binding", { auth, serviceAccount });
    binding.grant(rule);
    (binding.node.defaultChild as KubernetesAuthBackendRole).addOverride("token_bound_cidrs", ["10.0.0.0/8"]);
  });
  expect(output.resource("vault_kubernetes_auth_backend_role").token_bound_cidrs).toEqual(["10.0.0.0/8"]);
});
