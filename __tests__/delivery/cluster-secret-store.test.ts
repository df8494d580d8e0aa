import { CrdDeclaration } from "../../constructs/core/custom-resources";
import {
  ClusterSecretStore,
  type ClusterSecretStoreProps,
} from "../../constructs/delivery/cluster-secret-store";
import { workloadIdentity } from "../../constructs/delivery/workload-identity";
import { synthesize } from "../support/synth";
import { crds, customResources, identity, vault } from "./support/delivery";

const props: ClusterSecretStoreProps = { vault, identity, crds };

const withProps = (change: Partial<ClusterSecretStoreProps> = {}) =>
  synthesize((stack) => new ClusterSecretStore(stack, "Store", { ...props, ...change }));

test("creates the article's store with TLS for the identity's namespace and ServiceAccount", () => {
  expect(customResources(withProps({ name: "vault-backend" }))).toEqual({
    ClusterSecretStore: {
      apiVersion: "external-secrets.io/v1",
      kind: "ClusterSecretStore",
      metadata: { name: "vault-backend" },
      spec: {
        conditions: [{ namespaces: ["production"] }],
        provider: {
          vault: {
            server: "https://vault.vault.svc:8200",
            path: "secret",
            version: "v2",
            caProvider: { type: "ConfigMap", name: "vault-ca", key: "ca.crt", namespace: "vault" },
            auth: {
              kubernetes: {
                mountPath: "kubernetes",
                role: "payment-service",
                serviceAccountRef: { name: "payment-service", audiences: ["vault"] },
              },
            },
          },
        },
      },
    },
  });
});

test("sets the Enterprise namespace of the Vault", () => {
  const output = withProps({ vault: { ...vault, enterpriseNamespace: "teams/payments" } });
  const { provider } = customResources(output).ClusterSecretStore.spec;
  expect(provider.vault.namespace).toBe("teams/payments");
  // The Kubernetes namespace is a different one.
  expect(provider.vault.caProvider.namespace).toBe("vault");
});

test("names the store after the service and releases it in the service's namespace", () => {
  const output = withProps();
  expect(customResources(output).ClusterSecretStore.metadata.name).toBe("vault-payment-service");
  expect(output.resource("helm_release")).toMatchObject({
    name: "vault-payment-service",
    namespace: "production",
  });
});

test("accepts another mount, auth path and audience", () => {
  const output = withProps({
    mount: "kv",
    audience: "b",
    identity: workloadIdentity({ service: "a", namespace: "n", authPath: "cluster-b", audience: "b" }),
  });
  expect(customResources(output).ClusterSecretStore.spec.provider.vault).toMatchObject({
    path: "kv",
    auth: { kubernetes: { mountPath: "cluster-b", serviceAccountRef: { name: "a", audiences: ["b"] } } },
  });
});

describe("a store for other namespaces", () => {
  const shared: Partial<ClusterSecretStoreProps> = {
    name: "vault-backend",
    identity: workloadIdentity({ service: "external-secrets", namespace: "external-secrets" }),
    allowOtherNamespaces: ["production", "external-secrets"],
  };

  test("reads with one ServiceAccount, as in the article", () => {
    const { spec } = customResources(withProps(shared)).ClusterSecretStore;
    expect(spec.conditions).toEqual([{ namespaces: ["external-secrets", "production"] }]);
    expect(spec.provider.vault.auth.kubernetes).toEqual({
      mountPath: "kubernetes",
      role: "external-secrets",
      serviceAccountRef: { name: "external-secrets", namespace: "external-secrets", audiences: ["vault"] },
    });
  });

  test("is not shared when the other namespace is its own", () => {
    const { spec } = customResources(withProps({ allowOtherNamespaces: ["production"] })).ClusterSecretStore;
    expect(spec.provider.vault.auth.kubernetes.serviceAccountRef).not.toHaveProperty("namespace");
  });
});

test.each<[string, Partial<ClusterSecretStoreProps>, string]>([
  [
    "the audience of another role",
    { audience: "kubernetes" },
    'the token\'s audience must be the one that role payment-service asks for, vault, got "kubernetes"',
  ],
  [
    "every namespace",
    { allowOtherNamespaces: ["*"] },
    'a namespace must be one exact name without wildcards, got "*"',
  ],
  [
    "a mount with a part of the API",
    { mount: "secret/data" },
    'mount must be the path of the engine alone, which is "secret", got "secret/data"',
  ],
  ["a mount that climbs", { mount: "secret/../sys" }, 'got "secret/../sys"'],
  [
    "a cluster without the CRDs",
    { crds: CrdDeclaration.groups("cert-manager.io") },
    "ClusterSecretStore needs the CRDs of external-secrets.io",
  ],
])("rejects %s with the value and the construct's path", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
  expect(() => withProps(change)).toThrow("[test/Store");
});

test("returns the resources from node.defaultChild", () => {
  const output = synthesize((stack) => {
    const store = new ClusterSecretStore(stack, "Store", props);
    expect(store.node.defaultChild).toBe(store.resources);
    store.resources.release.addOverride("timeout", 600);
  });
  expect(output.resource("helm_release").timeout).toBe(600);
});
