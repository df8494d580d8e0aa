import type { TerraformStack } from "cdktf";
import { parse } from "yaml";
import { CrdDeclaration, type CustomResource, CustomResources } from "../../constructs/core/custom-resources";
import { Duration } from "../../constructs/core/duration";
import { ClusterSecretStore, type IClusterSecretStore } from "../../constructs/delivery/cluster-secret-store";
import { ExternalSecret, type ExternalSecretProps } from "../../constructs/delivery/external-secret";
import { VaultDynamicSecret } from "../../constructs/delivery/vault-dynamic-secret";
import { WorkloadServiceAccount } from "../../constructs/delivery/workload-service-account";
import { synthesize } from "../support/synth";
import { crds, customResources, identity, vault } from "./support/delivery";

const store: IClusterSecretStore = {
  storeName: "vault-backend",
  mount: "secret",
  namespaces: ["production", "staging"],
};

const props: ExternalSecretProps = {
  store,
  name: "payment-service-secrets",
  path: "payment-service/config",
  keys: { "stripe-api-key": "stripe_api_key", "webhook-secret": "webhook_secret" },
  crds,
};

const withProps = (change: Partial<ExternalSecretProps> = {}) =>
  synthesize((stack: TerraformStack) => new ExternalSecret(stack, "Secrets", { ...props, ...change }));

test("creates the article's ExternalSecret in version v1", () => {
  expect(customResources(withProps())).toEqual({
    ExternalSecret: {
      apiVersion: "external-secrets.io/v1",
      kind: "ExternalSecret",
      metadata: { name: "payment-service-secrets", namespace: "production" },
      spec: {
        refreshInterval: "5m",
        secretStoreRef: { name: "vault-backend", kind: "ClusterSecretStore" },
        target: { name: "payment-service-secrets", creationPolicy: "Owner", deletionPolicy: "Retain" },
        data: [
          {
            secretKey: "stripe-api-key",
            remoteRef: { key: "secret/data/payment-service/config", property: "stripe_api_key" },
          },
          {
            secretKey: "webhook-secret",
            remoteRef: { key: "secret/data/payment-service/config", property: "webhook_secret" },
          },
        ],
      },
    },
  });
});

test("prefixes the key with the path of the store's engine", () => {
  const output = withProps({ store: { ...store, mount: "kv/team" }, path: "kv/team/a" });
  const [{ remoteRef }] = customResources(output).ExternalSecret.spec.data;
  expect(remoteRef.key).toBe("kv/team/data/kv/team/a");
});

test("accepts a refresh interval and one of the store's namespaces", () => {
  const output = withProps({ refreshInterval: Duration.hours(1), namespace: "staging" });
  expect(output.resource("helm_release").namespace).toBe("staging");
  expect(customResources(output).ExternalSecret).toMatchObject({
    metadata: { namespace: "staging" },
    spec: { refreshInterval: "1h" },
  });
});

test("depends on added dependencies and reads from a store of the same app", () => {
  const output = synthesize((stack) => {
    const serviceAccount = new WorkloadServiceAccount(stack, "ServiceAccount", { identity });
    const own = new ClusterSecretStore(stack, "Store", { vault, identity, crds });
    const secrets = new ExternalSecret(stack, "Secrets", { ...props, store: own });
    secrets.node.addDependency(serviceAccount, own);
  });
  const release = output.resources("helm_release").find(({ name }) => name === "payment-service-secrets")!;
  expect(release.depends_on).toEqual([
    expect.stringMatching(/^kubernetes_service_account_v1\.ServiceAccount_/),
    expect.stringMatching(/^helm_release\.Store_/),
  ]);
  expect(release.values[0]).toContain('"name": "vault-payment-service"');
});

test("shares one release between a store, its secrets and database credentials", () => {
  const output = synthesize((stack) => {
    const release = new CustomResources(stack, "ExternalSecrets", { namespace: "production" });
    const own = new ClusterSecretStore(stack, "Store", { vault, identity, crds, release });
    const secret = new ExternalSecret(stack, "Secrets", { ...props, store: own, release });
    const role = { role: "payment-service-role", leaseTtl: Duration.hours(1) };
    new VaultDynamicSecret(stack, "Database", { vault, identity, crds, release, name: "db", ...role });
    expect(own.resources).toBe(release);
    expect(secret.resources).toBe(release);
  });
  expect(output.resources("helm_release")).toHaveLength(1);
  expect(
    parse(output.resource("helm_release").values[0]).resources.map(({ kind, metadata }: CustomResource) => [
      kind,
      metadata.name,
    ]),
  ).toEqual([
    ["ClusterSecretStore", "vault-payment-service"],
    ["ExternalSecret", "payment-service-secrets"],
    ["VaultDynamicSecret", "db"],
    ["ExternalSecret", "db"],
  ]);
});

test.each<[string, Partial<ExternalSecretProps>, string]>([
  [
    "a namespace that the store does not serve",
    { namespace: "other" },
    'namespace must be one that store vault-backend serves, production, staging, got "other"',
  ],
  [
    "a refresh that never comes",
    { refreshInterval: Duration.seconds(0) },
    "refreshInterval must be above 0s, at which nothing is read again, got 0h",
  ],
  ["no keys", { keys: {} }, "keys must name at least one key of payment-service/config, got none"],
  [
    "a key that Kubernetes does not take",
    { keys: { "a b": "a" } },
    'a key must be letters, digits, dots, dashes and underscores, got "a b"',
  ],
  ["an empty key of Vault", { keys: { a: "" } }, 'got ""'],
  [
    "a path with a part of the API",
    { path: "data/orders/config" },
    'path must be the path below the mount without "data/", which is "orders/config", got "data/orders/config"',
  ],
  [
    "a path with the store's mount",
    { store: { ...store, mount: "kv/team" }, path: "kv/team/data/a" },
    'path must be the path below the mount without "kv/team/data/", which is "a"',
  ],
  ["a path with an empty segment", { path: "payment-service//config" }, 'got "payment-service//config"'],
  [
    "a cluster without the CRDs",
    { crds: CrdDeclaration.groups() },
    "ExternalSecret needs the CRDs of external-secrets.io",
  ],
])("rejects %s with the value and the construct's path", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
  expect(() => withProps(change)).toThrow("[test/Secrets");
});
