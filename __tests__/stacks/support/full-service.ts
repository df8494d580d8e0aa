import { production } from "../../../environments/production";
import type { EnvironmentDefinition } from "../../../platform/schema";

type Service = NonNullable<EnvironmentDefinition["services"]>[number];

/** Service that sets every field. */
export const fullService: Required<Service> = {
  name: "ledger",
  namespace: "books",
  team: "accounting",
  token: { ttl: "2h", maxTtl: "24h" },
  reads: ["ledger/*", "shared/*"],
  databases: [
    { name: "payments-db", access: "read-write", defaultTtl: "30m", maxTtl: "2h", secret: "ledger-login" },
    { name: "payments-db", alias: "report" },
  ],
  certificates: ["ledger.books.svc", "ledger.example.com"],
  encryptionKey: true,
  deployment: {
    image: "myorg/ledger:v2.0.0",
    command: ["/app/ledger"],
    port: 9000,
    replicas: 2,
    config: { secret: "ledger/config", variables: [{ name: "API_KEY", key: "api_key" }] },
  },
  networkPolicy: "platform",
  egress: [
    { name: "office", ranges: ["10.9.0.0/16"], ports: [443], protocol: "TCP" },
    { name: "queue", namespace: "messaging", podLabels: { app: "rabbitmq" }, ports: [5672] },
    { name: "stripe", internet: true, ports: [443] },
  ],
  secrets: [
    {
      name: "ledger-secrets",
      secret: "ledger/config",
      keys: [{ name: "key", key: "api_key" }],
      refreshInterval: "10m",
    },
  ],
};

/** Production with only this service. */
export const withFullService: EnvironmentDefinition = { ...production, services: [fullService] };
