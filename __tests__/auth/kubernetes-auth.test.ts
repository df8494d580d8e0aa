import { KubernetesAuthBackendConfig } from "@cdktf/provider-vault/lib/kubernetes-auth-backend-config";
import { KubernetesAuth, type KubernetesAuthProps } from "../../constructs/auth/kubernetes-auth";
import { Duration } from "../../constructs/core/duration";
import { exampleCa } from "../../environments/shared";
import { synthesizeVault, vaultStack } from "../support/vault-stack";

const withProps = (props: KubernetesAuthProps = {}) =>
  synthesizeVault((stack) => new KubernetesAuth(stack, "Auth", props));

test("configures Vault to review tokens with its pod's token and CA, by default", () => {
  const output = withProps();
  expect(output.resource("vault_auth_backend")).toMatchObject({
    type: "kubernetes",
    path: "kubernetes",
    description: "ServiceAccounts of the cluster at https://kubernetes.default.svc",
    tune: [
      {
        default_lease_ttl: "1h",
        max_lease_ttl: "768h",
        listing_visibility: "hidden",
        token_type: "default-service",
      },
    ],
  });
  const config = output.resource("vault_kubernetes_auth_backend_config");
  expect(config.kubernetes_host).toBe("https://kubernetes.default.svc");
  for (const absent of [
    "kubernetes_ca_cert",
    "token_reviewer_jwt",
    "disable_iss_validation",
    "disable_local_ca_jwt",
  ]) {
    expect(config).not.toHaveProperty(absent);
  }
});

test("creates the configuration after the mount", () => {
  expect(withProps().resource("vault_kubernetes_auth_backend_config").backend).toMatch(
    /^\$\{vault_auth_backend\.Auth_Mount_\w+\.path\}$/,
  );
});

test("sets host and CA of an external cluster, and ignores the pod's files", () => {
  const config = withProps({ host: "https://10.0.0.1:6443", caCertificate: exampleCa }).resource(
    "vault_kubernetes_auth_backend_config",
  );
  expect(config).toMatchObject({
    kubernetes_host: "https://10.0.0.1:6443",
    kubernetes_ca_cert: exampleCa,
    disable_local_ca_jwt: true,
  });
});

test("sets path, TTLs and description", () => {
  const output = withProps({
    path: "clusters/eu",
    defaultTtl: Duration.minutes(30),
    maxTtl: Duration.hours(48),
    description: "a ${b}",
  });
  expect(output.resource("vault_auth_backend")).toMatchObject({
    path: "clusters/eu",
    description: "a $${b}",
    tune: [expect.objectContaining({ default_lease_ttl: "30m", max_lease_ttl: "48h" })],
  });
});

test("lowers the default TTL to a shorter maxTtl", () => {
  const [tune] = withProps({ maxTtl: Duration.minutes(10) }).resource("vault_auth_backend").tune;
  expect(tune.default_lease_ttl).toBe("10m");
});

test.each<[string, KubernetesAuthProps, string]>([
  ["a host without TLS", { host: "http://10.0.0.1" }, 'host must be an https:// URL, got "http://10.0.0.1"'],
  ["a host without a scheme", { host: "kubernetes.default.svc" }, 'got "kubernetes.default.svc"'],
  [
    "a CA that is a file name",
    { caCertificate: "/ca.crt" },
    "caCertificate must be one or more certificates in PEM, got a text (not shown)",
  ],
  [
    "a default above the maximum",
    { defaultTtl: Duration.hours(2), maxTtl: Duration.hours(1) },
    "defaultTtl must be at most maxTtl, got 2h and 1h: Vault would cut it",
  ],
  ["the mount by which Terraform logs in", { path: "terraform" }, "mount auth/terraform is not this stack's"],
])("rejects %s", (_title, props, message) => {
  expect(() => withProps(props)).toThrow(message);
  expect(() => withProps(props)).toThrow("[test/Auth]");
});

test("rejects a second mount on the same path, and names both constructs", () => {
  const stack = vaultStack();
  new KubernetesAuth(stack, "One");
  expect(() => new KubernetesAuth(stack, "Two")).toThrow(
    "mount auth/kubernetes is taken: test/One has it already [test/Two]",
  );
  new KubernetesAuth(stack, "Three", { path: "other-cluster" });
});

test("references an existing mount by its path", () => {
  const stack = vaultStack();
  expect(KubernetesAuth.fromAttributes(stack, "One")).toMatchObject({
    path: "kubernetes",
    maxTtl: Duration.hours(768),
  });
  const attributes = { path: "eu", maxTtl: Duration.hours(1) };
  expect(KubernetesAuth.fromAttributes(stack, "Two", attributes)).toMatchObject(attributes);
});

test("returns its configuration paths, and no secret paths", () => {
  const auth = new KubernetesAuth(vaultStack(), "Auth");
  expect(auth.configurationPaths).toEqual([
    "sys/auth/kubernetes",
    "auth/kubernetes/config",
    "auth/kubernetes/config/*",
    "auth/kubernetes/role/*",
  ]);
  expect(auth.secretPaths).toEqual([]);
});

test("exposes the configuration as node.defaultChild", () => {
  const output = synthesizeVault((stack) => {
    const auth = new KubernetesAuth(stack, "Auth");
    (auth.node.defaultChild as KubernetesAuthBackendConfig).addOverride(
      "use_annotations_as_alias_metadata",
      true,
    );
  });
  expect(output.resource("vault_kubernetes_auth_backend_config").use_annotations_as_alias_metadata).toBe(
    true,
  );
});
