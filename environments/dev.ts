import type { EnvironmentDefinition } from "cdktf-vault-platform/platform";
import {
  chartVersion,
  charts,
  custodians,
  images,
  oidc,
  paymentsDatabase,
  paymentService,
  pipeline,
} from "./shared";

/** First environment for a change to the platform. */
export const dev: EnvironmentDefinition = {
  name: "dev",
  aws: {
    account: "111111111111",
    region: "us-east-1",
    breakGlassPrincipal: "arn:aws:iam::111111111111:role/vault-break-glass",
    recoveryCustodians: custodians("111111111111"),
  },
  kubernetes: {
    distribution: "eks",
    secretsEncryption: "kms",
    clusterName: "dev",
    oidcProvider: "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLEDEV0000000000000000000001",
    apiServer: "https://EXAMPLEDEV0000000000000000000001.gr7.us-east-1.eks.amazonaws.com",
    zones: ["us-east-1a", "us-east-1b", "us-east-1c"],
    // Both exist already: trust-manager distributes the CA and needs cert-manager.
    customResourceGroups: ["trust.cert-manager.io"],
    operators: { certManager: "existing" },
  },
  network: {
    controlPlane: ["10.10.0.0/20"],
    vpcEndpoints: ["10.10.240.0/24"],
  },
  vault: { replicas: 3, endpoint: "https://vault.dev.example.com", chartVersion, oidc },
  images,
  charts,
  siem: {
    kind: "splunk-hec",
    endpoint: "https://splunk.example.com:8088",
    credentials: { secretName: "siem-credentials", key: "hec" },
  },
  backup: { retention: "7d" },
  databases: [paymentsDatabase],
  services: [paymentService],
  pipeline,
};
