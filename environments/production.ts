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

/** Production environment. Its five servers in three zones tolerate the loss of two servers or of one zone. */
export const production: EnvironmentDefinition = {
  name: "production",
  aws: {
    account: "333333333333",
    region: "us-east-1",
    // The region of the copies: Terraform keeps its state if the first region is lost.
    stateRegion: "us-west-2",
    breakGlassPrincipal: "arn:aws:iam::333333333333:role/vault-break-glass",
    recoveryCustodians: custodians("333333333333"),
    replica: { region: "us-west-2" },
  },
  kubernetes: {
    distribution: "eks",
    secretsEncryption: "kms",
    customResourceGroups: ["monitoring.coreos.com"],
    clusterName: "production",
    oidcProvider: "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLEPRODUCTION0000000000000003",
    apiServer: "https://EXAMPLEPRODUCTION0000000000000003.gr7.us-east-1.eks.amazonaws.com",
    zones: ["us-east-1a", "us-east-1b", "us-east-1c"],
  },
  network: {
    controlPlane: ["10.30.0.0/20"],
    vpcEndpoints: ["10.30.240.0/24"],
    apiServer: ["172.20.0.1/32"],
    // Subnets of the load balancer. A range with pod addresses would allow all those pods to reach Vault.
    clients: ["10.30.252.0/22"],
  },
  vault: {
    replicas: 5,
    endpoint: "https://vault.production.example.com",
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
  backup: { retention: "90d", replicate: true },
  databases: [paymentsDatabase],
  services: [paymentService],
  pipeline,
};
