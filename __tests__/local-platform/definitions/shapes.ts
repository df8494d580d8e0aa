import { production } from "../../../environments/production";
import type { EnvironmentDefinition } from "../../../platform/schema";
import { custodians, exampleCa, paymentService, paymentsDatabase } from "../../../environments/shared";
import { staging } from "../../../environments/staging";

const govCloud = "222222222222";

/** Realistic definitions, by their special feature. */
export const shapes: Readonly<Record<string, EnvironmentDefinition>> = {
  "a private RDS database with the CA bundle of its region": {
    ...production,
    databases: [
      {
        ...paymentsDatabase,
        host: "payments.cluster-c9akciq32rgw.us-east-1.rds.amazonaws.com",
        ranges: ["10.30.64.0/20"],
        // Three certificates with Windows line endings, as in some downloads.
        caCertificate: [exampleCa, exampleCa, exampleCa].join("").replaceAll("\n", "\r\n"),
      },
    ],
  },
  "a database in the cluster, whose Service translates the port": {
    ...production,
    databases: [{ ...paymentsDatabase, host: "payments-db.databases.svc.cluster.local", targetPort: 6432 }],
    services: [
      {
        ...paymentService,
        egress: [
          { name: "queue", namespace: "messaging", podLabels: { app: "rabbitmq" }, ports: [5672] },
          { name: "stripe", internet: true, ports: [443] },
        ],
      },
    ],
  },
  "a SIEM and an identity provider in the cluster": {
    ...staging,
    vault: {
      ...staging.vault,
      oidc: { ...staging.vault.oidc!, issuer: "https://keycloak.identity.svc:8443/realms/main" },
    },
    siem: { ...staging.siem, endpoint: "https://splunk-hec.logging.svc:8088", targetPort: 8089 },
  },
  "a private registry with a pull secret, behind a proxy": {
    ...production,
    kubernetes: { ...production.kubernetes, imagePullSecrets: ["registry-login"] },
    network: {
      ...production.network,
      proxy: {
        https: "http://proxy.egress.svc:3128",
        targetPort: 8128,
        noProxy: [".example.com", "10.30.0.0/16"],
      },
    },
    mirrors: { charts: "https://charts.example.com/mirror", registry: "registry.example.com:5000/mirror" },
  },
  GovCloud: {
    ...staging,
    name: "gov",
    aws: {
      account: govCloud,
      region: "us-gov-west-1",
      breakGlassPrincipal: `arn:aws-us-gov:iam::${govCloud}:role/vault-break-glass`,
      recoveryCustodians: custodians(govCloud, "aws-us-gov"),
    },
    kubernetes: {
      ...staging.kubernetes,
      oidcProvider: "oidc.eks.us-gov-west-1.amazonaws.com/id/EXAMPLEGOV00000000000000000000005",
      apiServer: "https://EXAMPLEGOV00000000000000000000005.gr7.us-gov-west-1.eks.amazonaws.com",
      zones: ["us-gov-west-1a", "us-gov-west-1b", "us-gov-west-1c"],
    },
  },
  "an IPv6 cluster": {
    ...production,
    kubernetes: { ...production.kubernetes, apiServer: "https://[fd00:10:30::1]:6443" },
    network: {
      controlPlane: ["fd00:10:30::/64"],
      vpcEndpoints: ["fd00:10:30:f0::/64"],
      apiServer: ["fd00:172:20::1/128"],
      clients: ["2001:db8:30::/48"],
    },
    vault: { ...production.vault, endpoint: "https://[2001:db8::10]:8200" },
    databases: [{ ...paymentsDatabase, host: "fd00:10:30:64::5", ranges: ["fd00:10:30:64::/64"] }],
  },
  "NodeLocal DNSCache": {
    ...production,
    network: {
      ...production.network,
      dns: { kind: "node-local-cache", ranges: ["169.254.20.10/32", "172.20.0.10/32"] },
    },
  },
  "DNS on the nodes, as in EKS Auto Mode": {
    ...production,
    network: { ...production.network, dns: { kind: "nodes", ranges: ["172.20.0.10/32"] } },
  },
};
