import { dev } from "../../../environments/dev";
import { drProduction } from "../../../environments/dr-production";
import { production } from "../../../environments/production";
import type { EnvironmentDefinition } from "../../../platform/schema";
import { exampleCa, oidc, paymentService, paymentsDatabase } from "../../../environments/shared";
import { staging } from "../../../environments/staging";
import { pgpPublicKeys } from "./pgp-keys";

/** Service that sets every field of a service. */
const ledger = {
  name: "ledger",
  namespace: "accounting",
  team: "finance",
  token: { ttl: "30m", maxTtl: "12h" },
  reads: ["ledger/*", "shared/currencies/*"],
  databases: [
    {
      name: "ledger-db",
      access: "read-only" as const,
      defaultTtl: "15m",
      maxTtl: "2h",
      secret: "ledger-database",
    },
    { name: "ledger-db", alias: "booking", maxTtl: "2h", access: "read-write" as const },
  ],
  certificates: ["ledger.accounting.svc", "ledger.example.com"],
  encryptionKey: true,
  deployment: {
    image: "registry.example.com:5000/finance/ledger:v2.0.0",
    command: ["/app/ledger", "--verbose"],
    port: 9090,
    replicas: 2,
    config: { secret: "ledger/config", variables: [{ name: "API_KEY", key: "api_key" }] },
  },
  secrets: [
    {
      name: "ledger-secrets",
      secret: "ledger/config",
      keys: [{ name: "api-key", key: "api_key" }],
      refreshInterval: "10m",
    },
  ],
};

const ledgerDatabase = {
  name: "ledger-db",
  host: "ledger.cluster-example.us-east-1.rds.amazonaws.com",
  port: 5433,
  database: "ledger",
  schemas: ["public", "book"],
  owner: "ledger_owner",
  adminUser: "vault_ledger",
  caCertificate: exampleCa,
  ranges: ["10.30.64.0/20"],
  targetPort: 6432,
};

const sentinel = "main = rule { true }";
const licence = { secretName: "vault-licence", key: "licence" };

/**
 * Accepted definitions that together set every field. Random definitions are edits of these.
 * `definitions.local.test.ts` fails if a field is set in none of them.
 */
export const bases: readonly EnvironmentDefinition[] = [
  {
    ...dev,
    kubernetes: { ...dev.kubernetes, imagePullSecrets: ["registry-login", "mirror-login"] },
    network: {
      ...dev.network,
      apiServerPort: 6443,
      dns: { kind: "pods", namespace: "dns", podLabels: { app: "coredns" }, podPort: 1053 },
      proxy: {
        https: "http://proxy.example.com:3128",
        ranges: ["10.10.250.0/24"],
        targetPort: 8128,
        noProxy: [".example.com"],
      },
      unsafeAllowUnlabelledClients: true,
    },
    services: [
      {
        ...paymentService,
        networkPolicy: "platform",
        egress: [
          { name: "metrics", ranges: ["10.10.32.0/24"], ports: [8125], protocol: "UDP" },
          { name: "queue", namespace: "messaging", podLabels: { app: "rabbitmq" }, ports: [5672, 5671] },
          { name: "stripe", internet: true, ports: [443] },
        ],
      },
    ],
  },
  {
    ...staging,
    vault: {
      ...staging.vault,
      oidc: {
        issuer: "https://keycloak.identity.svc:8443/realms/main",
        clientId: "vault",
        caCertificate: exampleCa,
        ranges: ["10.20.96.0/24"],
        targetPort: 9443,
        scopes: ["profile", "email"],
        groupsClaim: "/realm_access/roles",
        userClaim: "sub",
        boundClaims: { department: ["platform", "security"] },
        claimMappings: { email: "email" },
        groups: {
          operator: ["operators", "on-call"],
          auditor: ["auditors"],
          admin: ["admins"],
          secretWriter: ["secret-writers"],
        },
      },
    },
  },
  {
    ...production,
    state: "s3",
    aws: { ...production.aws, unsealKeyAlias: "alias/production/unseal" },
    kubernetes: {
      ...production.kubernetes,
      operators: { certManager: "install", externalSecrets: "existing" },
      existingNamespaces: ["accounting"],
      allowServersOnOneNode: false,
      vault: "internal",
    },
    network: { ...production.network, monitoringNamespace: "observability" },
    vault: {
      ...production.vault,
      dataSize: "20Gi",
      auditSize: "512Mi",
      storageClass: "gp3-encrypted",
      existingStorageClass: false,
      requests: { cpu: "750m", memory: "1Gi" },
      recoveryPgpKeys: [...pgpPublicKeys],
      tls: { ...production.vault.tls, minVersion: "1.2", mutual: false },
      secretWriters: [{ namespace: "operations", name: "release-robot" }],
      oidc: {
        ...oidc,
        issuer: "https://login.microsoftonline.com/6babcaad-604b-40ac-a9d7-9fd97c0b779f/v2.0",
        caCertificate: exampleCa,
        scopes: ["profile", "https://graph.microsoft.com/.default"],
        groupsClaim: "groups",
        userClaim: "/user/id",
        boundClaims: { tid: ["6babcaad-604b-40ac-a9d7-9fd97c0b779f"] },
        claimMappings: { email: "email" },
        providerConfig: { provider: "azure" },
        groups: {
          operator: ["0cda5a64-26c0-4d2a-9b3b-4c6f1f6f6f01", "0cda5a64-26c0-4d2a-9b3b-4c6f1f6f6f05"],
          auditor: "0cda5a64-26c0-4d2a-9b3b-4c6f1f6f6f02",
          admin: "0cda5a64-26c0-4d2a-9b3b-4c6f1f6f6f03",
          secretWriter: "0cda5a64-26c0-4d2a-9b3b-4c6f1f6f6f04",
        },
      },
    },
    siem: { ...production.siem, caCertificate: exampleCa, ranges: ["10.30.128.0/24"] },
    backup: { schedule: "15 */6 * * 1-5", retention: "30d", replicate: true },
    databases: [paymentsDatabase, ledgerDatabase],
    services: [paymentService, ledger],
    pipeline: { ...production.pipeline, vaultLogin: true, teamIdentities: true },
    shards: "team",
    mirrors: { registry: "registry.example.com/mirror" },
  },
  {
    ...staging,
    kubernetes: {
      ...staging.kubernetes,
      distribution: "other",
      secretsEncryption: "kms",
      operators: { certManager: "none", externalSecrets: "install" },
    },
    vault: {
      ...staging.vault,
      existingStorageClass: true,
      tls: { existingSecret: "vault-certificate", caCertificates: [exampleCa] },
    },
    network: { ...staging.network, dns: { kind: "nodes", ranges: ["172.20.0.10/32"] } },
    siem: { ...staging.siem, kind: "elastic", targetPort: 9200 },
    services: [ledger],
    databases: [ledgerDatabase],
    mirrors: { charts: "oci://registry.example.com/charts" },
  },
  {
    ...production,
    vault: {
      ...production.vault,
      enterprise: {
        licence,
        namespaces: true,
        sentinel: [{ name: "business-hours", paths: ["secret/*"], code: sentinel }],
        sentinelRoles: [{ name: "no-deletes", services: ["ledger"], code: sentinel }],
        maxLeases: 100_000,
        dr: {
          side: "primary",
          secondary: { name: "production-dr", account: "333333333333", region: "us-west-2" },
          clusterAddress: "https://vault.production.example.com:8201",
          peerRanges: ["10.40.0.0/20"],
        },
      },
    },
    databases: [ledgerDatabase],
    services: [ledger],
  },
  {
    ...production,
    vault: {
      ...production.vault,
      enterprise: {
        licence,
        dr: {
          side: "secondary",
          primary: { name: "production-west", account: "333333333333" },
          peerRanges: ["10.40.0.0/20"],
          replacesCluster: "00000000-0000-4000-8000-000000000000",
        },
      },
    },
  },
  { ...drProduction, recovers: { environment: "production", isActive: true } },
];
