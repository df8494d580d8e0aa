import { TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import { AuditShipper } from "../../constructs/audit/audit-shipper";
import { SiemSink } from "../../constructs/audit/siem-sink";
import { BackupCronJob } from "../../constructs/jobs/backup-cron-job";
import { Bootstrap } from "../../constructs/jobs/bootstrap";
import { CaBundle } from "../../constructs/server/ca-bundle";
import { CertManager } from "../../constructs/operators/cert-manager";
import { ClientNamespace } from "../../constructs/network/client-namespace";
import { DisasterRestore } from "../../constructs/jobs/disaster-restore";
import { EncryptedStorageClass } from "../../constructs/server/encrypted-storage-class";
import { NetworkPolicies } from "../../constructs/network/network-policies";
import { PipelineAccess } from "../../constructs/jobs/pipeline-access";
import { RestoreDrill } from "../../constructs/jobs/restore-drill";
import { Rollout } from "../../constructs/jobs/rollout";
import { Seal } from "../../constructs/server/seal";
import { Tls } from "../../constructs/server/tls";
import { vaultAt } from "../../constructs/server/vault";
import { VaultHaCluster } from "../../constructs/server/vault-ha-cluster";
import type { VaultHaClusterProps } from "../../constructs/server/vault-ha-cluster-props";
import { VaultNamespace } from "../../constructs/server/vault-namespace";
import { CrdDeclaration } from "../../constructs/core/custom-resources";
import { VaultAlerts } from "../../constructs/observability/vault-alerts";
import { VaultDashboard } from "../../constructs/observability/vault-dashboard";
import { VaultPodMonitor } from "../../constructs/observability/vault-pod-monitor";
import { selfSigned } from "../support/certificate";

const seal = Seal.awsKms({ keyId: "alias/vault-unseal", region: "us-east-1" });
const tls = Tls.certManager({ kind: "ClusterIssuer", name: "platform-ca", type: "ca" });
const crds = CrdDeclaration.groups("cert-manager.io", "monitoring.coreos.com");
const images = { vault: "hashicorp/vault:1.21.0", awsCli: "aws-cli:2.31.0" };
const kubectl = { vault: images.vault, kubectl: "alpine/k8s:1.34.2" };

const stackOf = () => new TerraformStack(Testing.app(), "test");

const cluster = (scope: Construct, id: string, props: Partial<VaultHaClusterProps> = {}) =>
  new VaultHaCluster(scope, id, { seal, tls, crds, ...props });

describe("a second Vault in a cluster", () => {
  test("is rejected with the namespace and release of the first", () => {
    const stack = stackOf();
    cluster(stack, "One");
    expect(() => cluster(stack, "Two")).toThrow(
      "namespace and releaseName must be of this Vault alone, because the ServiceAccount vault is one of each namespace, " +
        "and the chart names the webhook and the roles of the cluster after the release, " +
        'got {"namespace":"vault","releaseName":"vault"}, as test/One has [test/Two]',
    );
  });

  test("is rejected at any place in the tree", () => {
    const stack = stackOf();
    cluster(new Construct(stack, "Blue"), "Vault");
    expect(() => cluster(new Construct(stack, "Green"), "Vault")).toThrow("as test/Blue/Vault has");
  });

  test("is rejected with the namespace of the first and another release", () => {
    const stack = stackOf();
    cluster(stack, "One");
    expect(() => cluster(stack, "Two", { releaseName: "vault-b" })).toThrow(
      /^namespace must be of this Vault alone.* got \{"namespace":"vault"\}, as test\/One has/,
    );
  });

  test("is rejected with the release of the first and another namespace", () => {
    const stack = stackOf();
    cluster(stack, "One");
    expect(() => cluster(stack, "Two", { namespace: "vault-b" })).toThrow(
      /^releaseName must be of this Vault alone.* got \{"releaseName":"vault"\}, as test\/One has/,
    );
  });
});

/** Adds a Vault and all related constructs in its namespace. */
function addVault(scope: Construct, namespace: string, releaseName: string, certificate: string): void {
  const { name, priorityClassName } = new VaultNamespace(scope, "Namespace", { name: namespace });
  new NetworkPolicies(scope, "Policies", { namespace, releaseName, controlPlane: ["10.0.0.0/20"] });
  CaBundle.ofCertificates(scope, "CaBundle", { certificates: [certificate], namespaces: [name] });
  const auditShipper = new AuditShipper(scope, "Shipper", {
    namespace,
    releaseName,
    sink: SiemSink.datadog({
      endpoint: "https://http-intake.logs.datadoghq.com",
      credentials: { secretName: "siem", key: "token" },
    }),
  });
  const vault = cluster(scope, "Vault", { namespace, releaseName, auditShipper, priorityClassName });
  const pod = { vault, images };
  const aws = { ...pod, region: "us-east-1", roleArn: `arn:aws:iam::111111111111:role/${namespace}` };
  const snapshots = { ...aws, bucketName: `snapshots-${namespace}` };
  const canary = namespace;
  new Bootstrap(scope, "Bootstrap", { ...aws, replicas: 3, recoverySecrets: ["a", "b", "c", "d", "e"] });
  new BackupCronJob(scope, "Backup", snapshots);
  new RestoreDrill(scope, "Drill", { ...snapshots, canary, seal });
  new DisasterRestore(scope, "Restore", { ...snapshots, canary, replicas: 3 });
  new Rollout(scope, "Rollout", {
    vault,
    images: kubectl,
    replicas: 3,
    revision: vault.revision,
  });
  const watched = { vault, replicas: 3, tls };
  new VaultPodMonitor(scope, "PodMonitor", { vault, tls, crds });
  new VaultAlerts(scope, "Alerts", { ...watched, crds, runbooks: "https://example.com/runbooks" });
  new VaultDashboard(scope, "Dashboard", watched);
}

/** Type, namespace and name of all Kubernetes objects and Helm releases. */
function namesIn(stack: TerraformStack): string[] {
  const { resource } = JSON.parse(Testing.synth(stack)) as {
    resource: Record<string, Record<string, Record<string, any>>>; // eslint-disable-line @typescript-eslint/no-explicit-any
  };
  // References to a namespace are replaced by its name.
  const namespaces = Object.entries(resource.kubernetes_namespace_v1);
  const resolved = (text = "") =>
    namespaces.find(([id]) => text.includes(`.${id}.`))?.[1].metadata.name ?? text;
  return Object.entries(resource).flatMap(([type, bodies]) =>
    Object.values(bodies).map(({ metadata, name, namespace }) =>
      [type, resolved(metadata?.namespace ?? namespace), metadata?.name ?? name].join(" "),
    ),
  );
}

test("gives two Vaults no common name if namespace and release differ", async () => {
  const certificate = await selfSigned("ca", { ca: true });
  const stack = stackOf();
  addVault(new Construct(stack, "One"), "vault", "vault", certificate);
  const first = namesIn(stack);
  addVault(new Construct(stack, "Two"), "vault-b", "vault-blue", certificate);
  const both = namesIn(stack);
  expect(both).toHaveLength(2 * first.length);
  expect(first.length).toBeGreaterThan(30);
  expect(new Set(both).size).toBe(both.length);
});

describe("a second object of a cluster", () => {
  const namespace = (scope: Construct, id: string) => new VaultNamespace(scope, id);
  test.each<[string, string, (scope: Construct, id: string) => unknown]>([
    ["a namespace", "Namespace vault", namespace],
    [
      "a namespace of services",
      "Namespace production",
      (scope, id) => new ClientNamespace(scope, id, { name: "production" }),
    ],
    [
      "an operator",
      "Namespace cert-manager",
      (scope, id) => new CertManager(scope, id, { version: "1.21.1" }),
    ],
    ["a storage class", "StorageClass gp3", (scope, id) => new EncryptedStorageClass(scope, id)],
    [
      "the policies of a namespace",
      "NetworkPolicy vault/deny-all",
      (scope, id) => new NetworkPolicies(scope, id, { namespace: "vault", controlPlane: ["10.0.0.0/20"] }),
    ],
    [
      "the roles of pipelines",
      "ClusterRole vault-platform-plan",
      (scope, id) => new PipelineAccess(scope, id, { namespace: "vault" }),
    ],
    [
      "a job of a namespace",
      "ServiceAccount vault/vault-rollout",
      (scope, id) =>
        new Rollout(scope, id, { vault: vaultAt(), images: kubectl, replicas: 3, revision: "1" }),
    ],
  ])("rejects %s", (_title, name, add) => {
    const stack = stackOf();
    add(stack, "One");
    expect(() => add(stack, "Two")).toThrow(
      new RegExp(`^${name} is taken: test/One(/Pod)? has it already \\[test/Two(/Pod)?\\]$`),
    );
  });
});

test("rejects two backups with one bucket and prefix", () => {
  const stack = stackOf();
  const shared = { images, bucketName: "snapshots", region: "us-east-1", roleArn: "arn:aws:iam::1:role/a" };
  new BackupCronJob(stack, "One", { ...shared, vault: vaultAt() });
  const other = { ...shared, vault: vaultAt({ namespace: "vault-b" }) };
  expect(() => new BackupCronJob(stack, "Two", other)).toThrow(
    /^bucketName and prefix must be of this backup alone.* got "snapshots\/vault\/", as test\/One has/,
  );
  new BackupCronJob(stack, "Three", { ...other, prefix: "vault-b/" });
});

test("rejects an audit shipper in another namespace than the servers", () => {
  const stack = stackOf();
  const sink = SiemSink.datadog({
    endpoint: "https://http-intake.logs.datadoghq.com",
    credentials: { secretName: "siem", key: "token" },
  });
  const auditShipper = new AuditShipper(stack, "Shipper", { sink });
  expect(() => cluster(stack, "Vault", { namespace: "vault-b", auditShipper })).toThrow(
    'auditShipper must be in the namespace vault-b, whose ConfigMaps the servers mount, got "vault" [test/Vault]',
  );
});
