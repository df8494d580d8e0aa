import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { clusterEnvironment } from "../../environments/cluster";
import { exampleCa } from "../../environments/shared";
import { writePlatform } from "../support/platform";

type Block = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

function layers(settings: Block = {}) {
  const vault = { ...settings.vault, tls: { caCertificates: [exampleCa], ...settings.vault?.tls } };
  const app = writePlatform([clusterEnvironment({ ...settings, vault })]);
  const read = (layer: string): Block =>
    JSON.parse(readFileSync(join(app.outdir, "stacks", `cluster-${layer}`, "cdk.tf.json"), "utf8"));
  return { cluster: read("cluster"), config: read("config"), workloads: read("workloads") };
}

const plain = layers();
/** Layers without External Secrets and cert-manager, which the definition states explicitly. */
const bare = layers({
  kubernetes: { operators: { certManager: "none", externalSecrets: "none" } },
  vault: {
    storageClass: "local-path",
    existingStorageClass: true,
    tls: { issuer: null, existingSecret: "vault-tls" },
  },
  services: [],
});

const release = ({ resource }: Block, name: string): Block | undefined =>
  Object.values<Block>(resource.helm_release ?? {}).find((it) => it.name === name);
const values = (layer: Block) => parse(release(layer, "vault")!.values[0]);

test("creates a RoleBinding after its namespace", () => {
  const { resource } = plain.cluster;
  const namespaces = Object.entries<Block>(resource.kubernetes_namespace_v1);
  const elsewhere = Object.values<Block>(resource.kubernetes_role_binding_v1).filter(
    ({ metadata }) => metadata.name === "vault-platform-plan",
  );
  expect(elsewhere.map(({ metadata }) => metadata.namespace).sort()).toEqual([
    "cert-manager",
    "external-secrets",
    "production",
    "vault",
  ]);
  for (const { metadata, depends_on: dependsOn } of elsewhere) {
    const [id] = namespaces.find(([, namespace]) => namespace.metadata.name === metadata.namespace)!;
    expect(dependsOn).toContain(`kubernetes_namespace_v1.${id}`);
  }
});

test("uses an existing storage class and creates none", () => {
  expect(bare.cluster.resource.kubernetes_storage_class_v1).toBeUndefined();
  expect(values(bare.cluster).server.dataStorage.storageClass).toBe("local-path");
  expect(Object.keys(plain.cluster.resource.kubernetes_storage_class_v1)).toHaveLength(1);
});

test("installs and mentions no operator that the definition excludes", () => {
  expect(Object.values<Block>(bare.cluster.resource.helm_release).map(({ name }) => name)).toEqual(["vault"]);
  expect(JSON.stringify(bare.cluster)).not.toContain("external-secrets");
  expect(release(plain.cluster, "external-secrets")).toBeDefined();
});

test("mounts an existing certificate and requests none", () => {
  expect(values(bare.cluster).server.volumes).toContainEqual({
    name: "tls",
    secret: { secretName: "vault-tls", defaultMode: 0o440 },
  });
  expect(release(bare.cluster, "vault-certificate")).toBeUndefined();
  expect(release(plain.cluster, "vault-certificate")).toBeDefined();
});

test("names the bare IPv6 address of the endpoint in the certificate", () => {
  const { cluster } = layers({ vault: { endpoint: "https://[2001:db8::10]:8200" } });
  const [certificate] = parse(release(cluster, "vault-certificate")!.values[0]).resources;
  expect(certificate.spec.ipAddresses).toEqual(["127.0.0.1", "2001:db8::10"]);
  expect(certificate.spec.dnsNames).not.toContainEqual(expect.stringContaining(":"));
});

test("takes a server's requests from the environment, and scales the quota with them", () => {
  const { requests, limits } = values(layers({ vault: { requests: { cpu: "1", memory: "2Gi" } } }).cluster)
    .server.resources;
  expect(requests).toEqual({ cpu: "1", memory: "2Gi" });
  expect(limits).toEqual({ cpu: "2", memory: "2Gi" });
  const quota = (layer: Block) =>
    Object.values<Block>(layer.resource.kubernetes_resource_quota_v1)[0].spec.hard["requests.cpu"];
  // Four servers with 100m or 1 CPU each, 250m for each server's sidecars, and 2 for other pods.
  expect(quota(plain.cluster)).toBe("3400m");
  expect(quota(layers({ vault: { requests: { cpu: "1", memory: "2Gi" } } }).cluster)).toBe("7");
});

test("adds the GitHub login only with vaultLogin", () => {
  expect(plain.config.resource.vault_jwt_auth_backend).toBeUndefined();
  expect(layers({ pipeline: { vaultLogin: true } }).config.resource.vault_jwt_auth_backend).toBeDefined();
});

test("keeps the state in a file in the environment's folder", () => {
  expect(plain.workloads.terraform.backend.local.path).toBe(
    "../../../.cluster/state/cluster-workloads.tfstate",
  );
});
