import type { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { parse } from "yaml";
import { CaBundle } from "../../constructs/server/ca-bundle";
import { vaultAt } from "../../constructs/server/vault";
import { CrdDeclaration } from "../../constructs/core/custom-resources";
import { selfSigned } from "../support/certificate";
import { Synthesized } from "../support/synth";

let oldCa: string;
let newCa: string;
let server: string;
beforeAll(async () => {
  oldCa = await selfSigned("Old CA", { ca: true });
  newCa = await selfSigned("New CA", { ca: true });
  server = await selfSigned("vault.example.com", { ca: false });
});

function withStack(build: (stack: TerraformStack) => void): Synthesized {
  const stack = new TerraformStack(Testing.app(), "test");
  new KubernetesProvider(stack, "Kubernetes", {});
  new HelmProvider(stack, "Helm", {});
  build(stack);
  return new Synthesized(JSON.parse(Testing.synth(stack)));
}

const ofCertificates = (
  certificates: readonly string[],
  namespaces: readonly string[] = ["vault", "production"],
) => withStack((stack) => CaBundle.ofCertificates(stack, "CaBundle", { certificates, namespaces }));

const byTrustManager = (
  certificates?: readonly string[],
  crds = CrdDeclaration.groups("trust.cert-manager.io"),
) =>
  withStack((stack) =>
    CaBundle.byTrustManager(stack, "CaBundle", {
      namespace: "vault",
      secretName: "vault-ca",
      certificates,
      crds,
    }),
  );

test("creates one ConfigMap for each namespace, with the name that other constructs mount", () => {
  const maps = ofCertificates([oldCa], ["vault", "production", "vault"]).resources(
    "kubernetes_config_map_v1",
  );
  const { configMapName, key } = vaultAt().caBundle;
  expect(maps.map(({ metadata }) => metadata)).toEqual([
    { name: configMapName, namespace: "production" },
    { name: configMapName, namespace: "vault" },
  ]);
  expect(maps[0].data).toEqual({ [key]: `${oldCa.trim()}\n` });
});

test("exposes the name and key of its ConfigMap", () => {
  withStack((stack) => {
    const bundle = CaBundle.ofCertificates(stack, "CaBundle", {
      certificates: [oldCa],
      namespaces: ["vault"],
    });
    expect({ configMapName: bundle.configMapName, key: bundle.key }).toEqual(vaultAt().caBundle);
  });
});

test("keeps the old and the new certificate while a CA is replaced", () => {
  const [{ data }] = ofCertificates([oldCa, `\n${newCa.trim()}\n\n`]).resources("kubernetes_config_map_v1");
  expect(data["ca.crt"]).toBe(`${oldCa.trim()}\n${newCa.trim()}\n`);
});

test("copies the CA's Secret into every namespace by trust-manager", () => {
  const release = byTrustManager().resource("helm_release");
  expect(release).toMatchObject({ name: "vault-ca-bundle", namespace: "vault" });
  expect(parse(release.values[0]).resources).toEqual([
    {
      apiVersion: "trust.cert-manager.io/v1alpha1",
      kind: "Bundle",
      metadata: { name: "vault-ca" },
      spec: {
        sources: [{ secret: { name: "vault-ca", key: "tls.crt" } }],
        target: { configMap: { key: "ca.crt" } },
      },
    },
  ]);
});

test("adds older certificates to trust-manager's bundle", () => {
  const [bundle] = parse(byTrustManager([oldCa]).resource("helm_release").values[0]).resources;
  expect(bundle.spec.sources).toEqual([
    { secret: { name: "vault-ca", key: "tls.crt" } },
    { inLine: `${oldCa.trim()}\n` },
  ]);
});

test("rejects a trust-manager bundle without its CRD", () => {
  expect(() => byTrustManager([], CrdDeclaration.groups("cert-manager.io"))).toThrow(
    "Bundle needs the CRDs of trust.cert-manager.io, which are not declared to exist",
  );
});

test("rejects text that is not CA certificates, without printing it", () => {
  const allowed = "one or more certificates in PEM, each of a CA: certificate 1 of 1 may not sign others";
  for (const attempt of [() => ofCertificates([oldCa, server]), () => byTrustManager([oldCa, server])]) {
    expect(attempt).toThrow(`certificates[1] must be ${allowed}, got a text (not shown) [test/CaBundle]`);
  }
  expect(() => ofCertificates(["planted"])).toThrow(
    "certificates[0] must be one or more certificates in PEM, got a text (not shown) [test/CaBundle]",
  );
});

test("normalizes line ends of bundles", () => {
  const output = ofCertificates([(oldCa + newCa).replaceAll("\n", "\r\n")], ["vault"]);
  expect(output.resource("kubernetes_config_map_v1").data["ca.crt"]).toBe(oldCa + newCa);
});

test("rejects empty lists of certificates and namespaces", () => {
  expect(() => ofCertificates([])).toThrow("certificates must be one at least, got none [test/CaBundle]");
  expect(() => ofCertificates([oldCa], [])).toThrow(
    "namespaces must be one at least, got none [test/CaBundle]",
  );
});

test("exposes each ConfigMap as the child named after its namespace", () => {
  const output = withStack((stack) => {
    const bundle = CaBundle.ofCertificates(stack, "CaBundle", {
      certificates: [oldCa],
      namespaces: ["vault"],
    });
    const configMap = bundle.node.findChild("vault") as ConfigMapV1;
    expect(configMap.friendlyUniqueId).toBe("CaBundle_vault_5613F576");
    configMap.addOverride("immutable", true);
  });
  expect(output.resource("kubernetes_config_map_v1").immutable).toBe(true);
});
