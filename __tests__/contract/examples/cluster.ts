import * as api from "../../../constructs";
import { exampleCa } from "../../../environments/shared";
import { type Example, type World, call, construct } from "./world";

const { Size, Cpu } = api;
const amounts = { cpu: Cpu.millis(100), memory: Size.mebibytes(128) };
const resources = { requests: amounts, limits: amounts };
const ROLE = "arn:aws:iam::111111111111:role/job";
const images = { vault: "hashicorp/vault:1.21.0", awsCli: "public.ecr.aws/aws-cli/aws-cli:2.31.0" };
const awsKms = () => ({
  keyId: "alias/vault-unseal-key",
  region: "us-east-1",
  roleArn: ROLE,
  endpoint: "https://kms.example.com",
});

const pods = (world: World) => ({ imagePullSecrets: ["registry"], proxy: world.proxy });

const operator = (world: World) => ({
  ...pods(world),
  version: "1.21.1",
  repository: "https://charts.example.com",
  registryMirror: "registry.example.com/mirror",
  helmValues: { nodeSelector: { pool: "vault" } },
});

const issuer = { kind: "ClusterIssuer", name: "vault-ca", type: "ca" } as const;

const servers = (world: World, props: Partial<api.VaultHaClusterProps> = {}) =>
  new api.VaultHaCluster(world.stack, world.nextId(), {
    seal: api.Seal.awsKms(awsKms()),
    tls: api.Tls.certManager(issuer),
    crds: world.crds,
    ...props,
  });

const sealed = (world: World, seal: api.Seal) => servers(world, { seal });

/** Examples of constructs of the Vault cluster. */
export const clusterExamples: Readonly<Record<string, Example>> = {
  "CaBundle.ofCertificates": call(
    (world, props: never) => api.CaBundle.ofCertificates(world.stack, world.nextId(), props),
    () => [{ certificates: [exampleCa], namespaces: ["production"] }],
  ),
  "CaBundle.byTrustManager": call(
    (world, props: never) => api.CaBundle.byTrustManager(world.stack, world.nextId(), props),
    (world) => [
      {
        namespace: "vault",
        secretName: "vault-ca",
        certificates: [exampleCa],
        crds: world.crds,
      },
    ],
  ),
  CertManager: construct(api.CertManager, operator),
  CertificateAuthority: construct(api.CertificateAuthority, (world) => ({
    name: "vault-ca",
    certManagerNamespace: "cert-manager",
    crds: world.crds,
  })),
  ClientNamespace: construct(api.ClientNamespace, () => ({ name: "production", existing: true })),
  EncryptedStorageClass: construct(api.EncryptedStorageClass, () => ({
    name: "gp3",
    kmsKeyId: "arn:aws:kms:us-east-1:111111111111:key/6d8b6a8e-1c2d-3e4f-5a6b-7c8d9e0f1a2b",
  })),
  ExternalSecrets: construct(api.ExternalSecrets, operator),
  PipelineAccess: construct(api.PipelineAccess, () => ({
    namespace: "vault",
    namespaces: ["production"],
    planner: { kind: "Group", name: "plan" },
    deployer: { kind: "ServiceAccount", name: "deploy", namespace: "ci" },
  })),
  "Seal.awsKms": call(
    (world, props: never) => sealed(world, api.Seal.awsKms(props)),
    () => [awsKms()],
  ),
  "Seal.gcpCkms": call(
    (world, props: never) => sealed(world, api.Seal.gcpCkms(props)),
    () => [
      {
        project: "example",
        location: "global",
        keyRing: "vault",
        cryptoKey: "unseal",
        serviceAccount: "vault@example.iam.gserviceaccount.com",
      },
    ],
  ),
  "Seal.azureKeyVault": call(
    (world, props: never) => sealed(world, api.Seal.azureKeyVault(props)),
    () => [{ tenantId: "tenant", clientId: "client", vaultName: "unseal", keyName: "vault" }],
  ),
  "Seal.transit": call(
    (world, props: never) => sealed(world, api.Seal.transit(props)),
    () => [
      {
        address: "https://other.example.com:8200",
        keyName: "unseal",
        mountPath: "transit",
        token: { secretName: "vault-seal", key: "token" },
        caCertFile: "/etc/ssl/certs/ca.crt",
      },
    ],
  ),
  "Tls.certManager": call(
    (world, of: never, options: never) => servers(world, { tls: api.Tls.certManager(of, options) }),
    () => [{ ...issuer }, { minVersion: "1.2", mutual: true }],
  ),
  "Tls.existingSecret": call(
    (world, props: never) =>
      new api.VaultPodMonitor(world.stack, world.nextId(), {
        vault: world.vault,
        tls: api.Tls.existingSecret(props),
        crds: world.crds,
        clientCertificateSecret: api.Tls.existingSecret(props).secretName,
      }),
    () => [
      {
        secretName: "vault-tls",
        dnsNames: ["vault.vault.svc"],
        ipAddresses: ["127.0.0.1"],
        minVersion: "1.3",
        mutual: false,
      },
    ],
  ),
  "Tls.validate": call(
    (_, scope: never, needed: never) => api.Tls.certManager(issuer).validate(scope, needed),
    (world) => [world.stack, { dnsNames: ["vault.vault.svc"], ipAddresses: ["127.0.0.1"] }],
  ),
  TokenRequestGrant: construct(api.TokenRequestGrant, () => ({
    serviceAccount: { namespace: "vault", name: "vault-terraform" },
    to: { kind: "Group", name: "deployers" },
  })),
  "VaultHaCluster.fromAttributes": call(
    (world, attributes: never) =>
      new api.ClusterSecretStore(world.stack, world.nextId(), {
        vault: api.VaultHaCluster.fromAttributes(world.stack, world.nextId(), attributes),
        identity: world.identity,
        crds: world.crds,
      }),
    () => [
      {
        namespace: "vault",
        releaseName: "vault",
        caBundle: { configMapName: "vault-ca", key: "ca.crt" },
        enterpriseNamespace: "teams/payments",
      },
    ],
  ),
  VaultHaCluster: construct(api.VaultHaCluster, (world) => ({
    ...pods(world),
    seal: api.Seal.awsKms(awsKms()),
    tls: api.Tls.certManager(issuer),
    namespace: "vault",
    releaseName: "vault",
    chart: { repository: "https://helm.releases.hashicorp.com", version: "0.34.1" },
    image: images.vault,
    injectorImage: "hashicorp/vault-k8s:1.7.6",
    replicas: 3,
    zones: ["us-east-1a", "us-east-1b", "us-east-1c"],
    storageClass: "gp3",
    dataSize: Size.gibibytes(10),
    auditSize: Size.gibibytes(10),
    resources,
    injectorReplicas: 2,
    injectorResources: resources,
    externalHost: "vault.example.com",
    licence: { secretName: "vault-licence", key: "licence" },
    auditShipper: new api.AuditShipper(world.stack, world.nextId(), {
      sink: api.SiemSink.datadog({
        endpoint: "https://http-intake.logs.datadoghq.com",
        credentials: { secretName: "siem", key: "token" },
      }),
    }),
    priorityClassName: "vault-servers",
    crds: world.crds,
    allowServersOnOneNode: true,
    chartValues: { server: { logLevel: "info" } },
    helmValues: { server: { logLevel: "info" } },
  })),
  VaultNamespace: construct(api.VaultNamespace, () => ({
    name: "vault",
    replicas: 3,
    serverResources: resources,
    serverVolumes: [Size.gibibytes(10)],
    allowExternalServices: true,
  })),
};
