import type { EnvironmentDefinition } from "cdktf-vault-platform/platform";

/** Images of the environments, pinned once. An environment can override them to change versions earlier or later. */
export const images: EnvironmentDefinition["images"] = {
  vault: "hashicorp/vault:1.21.0",
  vaultAgentInjector: "hashicorp/vault-k8s:1.7.6",
  awsCli: "public.ecr.aws/aws-cli/aws-cli:2.31.0",
  kubectl: "alpine/k8s:1.34.2",
  auditShipper: "balabit/syslog-ng:4.8.1",
};

/** Version of the Vault Helm chart. */
export const chartVersion = "0.34.1";

/** Versions of the operators' Helm charts. */
export const charts: EnvironmentDefinition["charts"] = { certManager: "1.21.1", externalSecrets: "2.9.0" };

/** Example certificate: its private key exists nowhere. Replace it with the certificate of your own CA. */
export const exampleCa = `-----BEGIN CERTIFICATE-----
MIIBtTCCAVugAwIBAgIUJ5XK3mbsXULAIJHMD+CJBeY7zAswCgYIKoZIzj0EAwIw
MDEQMA4GA1UECgwHRXhhbXBsZTEcMBoGA1UEAwwTRXhhbXBsZSBwbGF0Zm9ybSBD
QTAeFw0yNjExMjQwOTQ2MDVaFw0zNjExMjEwOTQ2MDVaMDAxEDAOBgNVBAoMB0V4
YW1wbGUxHDAaBgNVBAMME0V4YW1wbGUgcGxhdGZvcm0gQ0EwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAARRVF15k2PhdmAgAJqvcmS+IpihimWXNIPLomc+9deQ1jic
wNe1wOblZWttWeWOC0SP+5OmrqN+ZeiGO0L+DVjmo1MwUTAdBgNVHQ4EFgQUpycX
UWy9GOcLLoIGF4rcuU+06cwwHwYDVR0jBBgwFoAUpycXUWy9GOcLLoIGF4rcuU+0
6cwwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAk911wlr42Vs4
5oOHVwjl6h78ssi0bGyA5ESDBn8o6lkCIH388IH9cVeBkATKHO0cHEf7r+ERttX3
sFl0wEU8vZrY
-----END CERTIFICATE-----
`;

/** Identity provider at which users log in, and your groups for each access level in Vault. */
export const oidc = {
  issuer: "https://login.example.com",
  clientId: "vault",
  groups: {
    operator: "vault-operators",
    auditor: "vault-auditors",
    admin: "vault-admins",
    secretWriter: "vault-secret-writers",
  },
};

/** GitHub repository that deploys the environments. */
export const pipeline: EnvironmentDefinition["pipeline"] = { repository: "example/vault-platform" };

/**
 * One IAM role per recovery share. Recovery needs three of them.
 * @param partition of the account: aws-us-gov for GovCloud, aws-cn for China
 */
export function custodians(account: string, partition = "aws"): string[] {
  return [1, 2, 3, 4, 5].map((share) => `arn:${partition}:iam::${account}:role/vault-custodian-${share}`);
}

/** Example database. */
export const paymentsDatabase = {
  name: "payments-db",
  host: "payments-db.production.svc",
  database: "payments",
  schemas: ["public", "ledger"],
  owner: "payments_owner",
};

const paymentConfig = [
  { name: "STRIPE_API_KEY", key: "stripe_api_key" },
  { name: "WEBHOOK_SECRET", key: "webhook_secret" },
];

const paymentKeys = [
  { name: "stripe-api-key", key: "stripe_api_key" },
  { name: "webhook-secret", key: "webhook_secret" },
];

/** Example service, which uses the example database. */
export const paymentService = {
  name: "payment-service",
  namespace: "production",
  team: "payments",
  reads: ["payment-service/*"],
  databases: [{ name: "payments-db", access: "read-write" as const }],
  certificates: ["payment-service.production.svc"],
  deployment: {
    image: "myorg/payment-service:v1.2.3",
    command: ["/app/payment-service"],
    config: { secret: "payment-service/config", variables: paymentConfig },
  },
  secrets: [{ name: "payment-service-secrets", secret: "payment-service/config", keys: paymentKeys }],
};
