import "reflect-metadata";
import type { Release } from "@cdktf/provider-helm/lib/release";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { Seal } from "../../constructs/server/seal";
import { Tls, serverNames } from "../../constructs/server/tls";
import { type IVault, vaultAt } from "../../constructs/server/vault";
import { VaultHaCluster } from "../../constructs/server/vault-ha-cluster";
import { CrdDeclaration } from "../../constructs/core/custom-resources";
import { Duration } from "../../constructs/core/duration";
import { VaultPodMonitor, type VaultPodMonitorProps } from "../../constructs/observability/vault-pod-monitor";
import { describeWithChart } from "../support/charts";
import { testWithTerraform } from "../support/terraform";
import { customResource } from "./support/custom-resource";

type Block = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

const issuer = { kind: "ClusterIssuer", name: "ca", type: "ca" } as const;
const tls = Tls.certManager(issuer);
const mutual = Tls.certManager(issuer, { mutual: true });
const crds = CrdDeclaration.groups("monitoring.coreos.com");

function build(props: Partial<VaultPodMonitorProps> = {}): { monitor: VaultPodMonitor; object: Block } {
  const stack = new TerraformStack(Testing.app(), "test");
  const monitor = new VaultPodMonitor(stack, "Monitor", {
    vault: vaultAt(),
    tls,
    crds,
    ...props,
  });
  return { monitor, object: customResource(stack, "PodMonitor") };
}

test("scrapes every server on the metrics port, over TLS by the CA's ConfigMap, without a token", () => {
  const { object } = build();
  expect(object).toEqual({
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PodMonitor",
    metadata: { name: "vault", namespace: "vault", labels: { release: "kube-prometheus-stack" } },
    spec: {
      selector: {
        matchLabels: {
          "app.kubernetes.io/name": "vault",
          "app.kubernetes.io/instance": "vault",
          component: "server",
        },
      },
      podMetricsEndpoints: [
        {
          port: "metrics",
          scheme: "https",
          path: "/v1/sys/metrics",
          params: { format: ["prometheus"] },
          interval: "30s",
          scrapeTimeout: "10s",
          followRedirects: false,
          tlsConfig: {
            serverName: "vault.vault.svc",
            ca: { configMap: { name: "vault-ca", key: "ca.crt" } },
          },
        },
      ],
    },
  });
});

test("follows another release name and namespace", () => {
  const vault = vaultAt({
    namespace: "secrets",
    releaseName: "vault-eu",
    caBundle: { configMapName: "company-ca", key: "bundle.pem" },
  });
  const { monitor, object } = build({ vault });
  expect(object.metadata).toMatchObject({ name: "vault-eu", namespace: "secrets" });
  expect(object.spec.selector.matchLabels["app.kubernetes.io/instance"]).toBe("vault-eu");
  expect(object.spec.podMetricsEndpoints[0].tlsConfig).toEqual({
    serverName: "vault-eu.secrets.svc",
    ca: { configMap: { name: "company-ca", key: "bundle.pem" } },
  });
  expect(monitor.job).toBe("secrets/vault-eu");
});

test.each([
  ["vault", "vault"],
  ["secrets", "vault-eu"],
])("verifies a server name that the certificate has (%s/%s)", (namespace, releaseName) => {
  const { object } = build({ vault: vaultAt({ namespace, releaseName }) });
  const { serverName } = object.spec.podMetricsEndpoints[0].tlsConfig;
  expect(serverNames(namespace, releaseName).dnsNames).toContain(serverName);
});

test("takes the labels that a Prometheus selects", () => {
  expect(build({ labels: { prometheus: "platform" } }).object.metadata.labels).toEqual({
    prometheus: "platform",
  });
});

test("presents a client certificate with mutual TLS", () => {
  const { object } = build({ tls: mutual, clientCertificateSecret: "prometheus-client" });
  expect(object.spec.podMetricsEndpoints[0].tlsConfig).toMatchObject({
    cert: { secret: { name: "prometheus-client", key: "tls.crt" } },
    keySecret: { name: "prometheus-client", key: "tls.key" },
  });
});

test("rejects mutual TLS without a client certificate", () => {
  expect(() => build({ tls: mutual })).toThrow(
    "clientCertificateSecret must be a Secret with tls.crt and tls.key, because Vault asks its clients for a certificate (mutual), got none [test/Monitor]",
  );
});

test.each([
  [Duration.seconds(10), "10s"],
  [Duration.minutes(2), "120s"],
])("accepts an interval of %s", (interval, expected) => {
  expect(build({ interval }).object.spec.podMetricsEndpoints[0].interval).toBe(expected);
});

test.each([Duration.seconds(9), Duration.seconds(121)])("rejects an interval of %s", (interval) => {
  expect(() => build({ interval })).toThrow(
    `interval must be 10s to 2m, because alerts need a few samples in 5 minutes, got ${interval} [test/Monitor]`,
  );
});

test("rejects a cluster without the declaration of its CRD", () => {
  expect(() => build({ crds: undefined })).toThrow("PodMonitor needs the CRDs of monitoring.coreos.com");
});

test("rejects a Vault at an address outside the cluster", () => {
  const vault: IVault = { ...vaultAt(), address: "https://vault.example.com" };
  expect(() => build({ vault })).toThrow("vault.address must be that of a Service");
});

test("exposes the Helm release as the default child of its resources", () => {
  const stack = new TerraformStack(Testing.app(), "test");
  const monitor = new VaultPodMonitor(stack, "Monitor", { vault: vaultAt(), tls, crds });
  const release = monitor.resources.node.defaultChild as Release;
  release.addOverride("timeout", 60);
  const [planned] = Object.values<Block>(JSON.parse(Testing.synth(stack)).resource.helm_release);
  expect(planned).toMatchObject({ name: "vault-pod-monitor", namespace: "vault", timeout: 60 });
});

describeWithChart("vault", "the pods of the real chart", (repository) => {
  testWithTerraform(
    ["kubernetes", "helm"],
    "have the labels and the port that the monitor asks for",
    (plan) => {
      const stack = new TerraformStack(Testing.app(), "test");
      new KubernetesProvider(stack, "Kubernetes", {});
      new HelmProvider(stack, "Helm", { helmDriver: "configmap" });
      new VaultHaCluster(stack, "Vault", {
        seal: Seal.awsKms({ keyId: "alias/vault-unseal-key", region: "us-east-1", roleArn: "arn" }),
        tls,
        crds: CrdDeclaration.groups("cert-manager.io"),
        chart: { repository, version: "0.34.1" },
      });
      const { template } = plan(stack, { render: ["vault"] }).rendered.vault.find(
        ({ kind }) => kind === "StatefulSet",
      )!.spec;
      const { selector, podMetricsEndpoints } = build().object.spec;
      expect(template.metadata.labels).toMatchObject(selector.matchLabels);
      const ports: Block[] = template.spec.containers.flatMap((container: Block) => container.ports ?? []);
      expect(ports.filter(({ name }) => name === podMetricsEndpoints[0].port)).toEqual([
        { name: "metrics", containerPort: 8210 },
      ]);
    },
  );
});
