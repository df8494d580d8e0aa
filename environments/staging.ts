import type { EnvironmentDefinition } from "cdktf-vault-platform/platform";
import {
  chartVersion,
  charts,
  custodians,
  exampleCa,
  images,
  oidc,
  paymentsDatabase,
  paymentService,
  pipeline,
} from "./shared";

/** Staging environment: like production, but in one region and with tolerance for the loss of one server only. */
export const staging: EnvironmentDefinition = {
  name: "staging",
  aws: {
    account: "222222222222",
    region: "us-east-1",
    breakGlassPrincipal: "arn:aws:iam::222222222222:role/vault-break-glass",
    recoveryCustodians: custodians("222222222222"),
  },
  kubernetes: {
    distribution: "eks",
    secretsEncryption: "kms",
    customResourceGroups: ["monitoring.coreos.com"],
    clusterName: "staging",
    oidcProvider: "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLESTAGING000000000000000002",
    apiServer: "https://EXAMPLESTAGING000000000000000002.gr7.us-east-1.eks.amazonaws.com",
    zones: ["us-east-1a", "us-east-1b", "us-east-1c"],
  },
  network: {
    controlPlane: ["10.20.0.0/20"],
    vpcEndpoints: ["10.20.240.0/24"],
  },
  vault: {
    replicas: 3,
    endpoint: "https://vault.staging.example.com",
    chartVersion,
    tls: { issuer: { kind: "ClusterIssuer", name: "platform-ca", type: "ca" }, caCertificates: [exampleCa] },
    oidc,
  },
  images,
  charts,
  siem: {
    kind: "splunk-hec",
    endpoint: "https://splunk.example.com:8088",
    credentials: { secretName: "siem-credentials", key: "hec" },
  },
  backup: {},
  databases: [paymentsDatabase],
  services: [paymentService],
  pipeline,
};
