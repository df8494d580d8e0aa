import { KubernetesAuthBackendRole } from "@cdktf/provider-vault/lib/kubernetes-auth-backend-role";
import { K8sAuthBinding, type K8sAuthBindingProps } from "../../constructs/auth/k8s-auth-binding";
import { KubernetesAuth } from "../../constructs/auth/kubernetes-auth";
import { grantsOf, policyFromName } from "../../constructs/auth/policy";
import { Duration } from "../../constructs/core/duration";
import { synthesizeVault, vaultStack } from "../support/vault-stack";

const auth = KubernetesAuth.fromAttributes({ maxTtl: Duration.hours(48) });
const serviceAccount = { namespace: "production", name: "payment-service" };
const rule = { path: "secret/data/payment-service/*", capabilities: ["read"], reason: "reads" } as const;

const withProps = (props: Partial<K8sAuthBindingProps> = {}) =>
  synthesizeVault((stack) =>
    new K8sAuthBinding(stack, "Binding", { auth, serviceAccount, ...props }).grant(rule),
  );

test("by default the role is the article's: one ServiceAccount, an hour, its own policy; and an audience beside", () => {
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

test("the binding tells others what they need to log in", () => {
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

test("role name, audience, TTLs and further policies can be chosen", () => {
  const output = withProps({
    roleName: "payments",
    audience: "https://vault.example.com",
    ttl: Duration.minutes(20),
    maxTtl: Duration.hours(48),
    additionalPolicies: [policyFromName("shared")],
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

test("a maximum below an hour shortens the default", () => {
  expect(
    withProps({ maxTtl: Duration.minutes(10) }).resource("vault_kubernetes_auth_backend_role").token_ttl,
  ).toBe(600);
});

test("a periodic token has a period instead of an end", () => {
  const role = withProps({ period: Duration.hours(2) }).resource("vault_kubernetes_auth_backend_role");
  expect(role.token_period).toBe(7200);
  expect(role).not.toHaveProperty("token_ttl");
  expect(role).not.toHaveProperty("token_max_ttl");
  const binding = new K8sAuthBinding(vaultStack(), "B", { auth, serviceAccount, period: Duration.hours(2) });
  expect(binding).toMatchObject({ isPeriodic: true, tokenTtl: Duration.hours(2) });
});

test("grants are lazy: what is granted last is in the policy", () => {
  const output = synthesizeVault((stack) => {
    const binding = new K8sAuthBinding(stack, "Binding", { auth, serviceAccount });
    binding.grant(rule);
    binding.addCustomRule({ ...rule, path: "sys/health", reason: "by hand" });
  });
  expect(output.resource("vault_policy").policy).toMatch(/payment-service\/\*[\s\S]*sys\/health/);
});

test("the access map sees who logs in, and which rules were written by hand", () => {
  const stack = vaultStack();
  const binding = new K8sAuthBinding(stack, "Binding", {
    auth,
    serviceAccount,
    additionalPolicies: [policyFromName("shared")],
  });
  binding.grant(rule);
  binding.addCustomRule({ ...rule, path: "sys/health" });
  expect(grantsOf(stack).map(({ custom }) => custom)).toEqual([false, true]);
});

test("a binding without a grant is refused when the stack is synthesized", () => {
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
])("%s is refused", (_title, props, message) => {
  expect(() => withProps(props)).toThrow(message);
  expect(() => withProps(props)).toThrow("[test/Binding]");
});

test("two ServiceAccounts of one name in two namespaces need two role names; both paths are told", () => {
  const stack = vaultStack();
  new K8sAuthBinding(stack, "One", { auth, serviceAccount });
  const other = { auth, serviceAccount: { ...serviceAccount, namespace: "staging" } };
  expect(() => new K8sAuthBinding(stack, "Two", other)).toThrow(
    "role auth/kubernetes/role/payment-service is taken: test/One has it already [test/Two]",
  );
  new K8sAuthBinding(stack, "Three", { ...other, roleName: "payment-service-staging" });
});

test("the role can be reached through node.defaultChild", () => {
  const output = synthesizeVault((stack) => {
    const binding = new K8sAuthBinding(stack, "Binding", { auth, serviceAccount });
    binding.grant(rule);
    (binding.node.defaultChild as KubernetesAuthBackendRole).addOverride("token_bound_cidrs", ["10.0.0.0/8"]);
  });
  expect(output.resource("vault_kubernetes_auth_backend_role").token_bound_cidrs).toEqual(["10.0.0.0/8"]);
});
