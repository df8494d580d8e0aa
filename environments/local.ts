import type { EnvironmentDefinition } from "cdktf-vault-platform/platform";
import {
  chartVersion,
  charts,
  custodians,
  exampleCa,
  images,
  paymentsDatabase,
  paymentService,
  pipeline,
} from "./shared";

/**
 * Environment on one machine, without a cloud account: AWS is an emulator, state is in files.
 * It has no replica region, because the emulator stores key replicas and bucket replication wrongly.
 */
export const local: EnvironmentDefinition = {
  name: "local",
  state: "local",
  aws: {
    account: "123456789012",
    region: "us-east-1",
    breakGlassPrincipal: "arn:aws:iam::123456789012:role/vault-break-glass",
    recoveryCustodians: custodians("123456789012"),
  },
  kubernetes: {
    distribution: "other",
    clusterName: "local",
    oidcProvider: "oidc.local.example.com",
    apiServer: "https://127.0.0.1:16443",
    zones: ["us-east-1a"],
    vault: "external",
  },
  network: { controlPlane: ["127.0.0.0/8"] },
  vault: {
    replicas: 3,
    endpoint: "https://127.0.0.1:18200",
    chartVersion,
    tls: { caCertificates: [exampleCa] },
  },
  images,
  charts,
  siem: {
    kind: "splunk-hec",
    endpoint: "https://127.0.0.1:8088",
    ranges: ["127.0.0.0/8"],
    credentials: { secretName: "siem-credentials", key: "hec" },
  },
  backup: { retention: "1d" },
  databases: [{ ...paymentsDatabase, host: "localhost", port: 15432, ranges: ["127.0.0.0/8"] }],
  services: [paymentService],
  pipeline,
};
