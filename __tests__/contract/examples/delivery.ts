import * as api from "../../../constructs";
import { type Example, type World, call, construct } from "./world";

const { Duration, Size, Cpu } = api;
const amounts = { cpu: Cpu.millis(100), memory: Size.mebibytes(128) };
const agentResources = { requests: amounts, limits: amounts };

const agent = (world: World) => ({
  vault: world.vault,
  identity: world.identity,
  audience: "vault",
  cacheListenerPort: 8200,
  serviceAccountTokenExpiration: Duration.hours(1),
  renderInterval: Duration.minutes(5),
  agentResources,
  tlsServerName: "vault.vault.svc",
});

const file = { permissions: "0400", command: "kill -HUP 1" };

const deployed = (world: World) =>
  new api.InjectedDeployment(world.stack, world.nextId(), {
    vault: world.vault,
    identity: world.identity,
    image: "registry.example.com/payment-service:1.0.0",
    command: ["/app"],
  });

/** Adds to the injection of a pod: its annotations are part of the pod. */
const injected = (world: World, add: (injection: api.AgentInjection) => string) =>
  add(deployed(world).injection);

const stored = (world: World) => ({
  crds: world.crds,
  release: world.release,
});

const access = (world: World) => ({ vault: world.vault, identity: world.identity, audience: "vault" });

/** Examples of secret delivery. */
export const deliveryExamples: Readonly<Record<string, Example>> = {
  AgentInjection: construct(
    api.AgentInjection,
    (world) => ({
      ...agent(world),
      containers: ["app"],
      group: 10001,
      revokeGrace: Duration.seconds(20),
      onChange: "kill -HUP 1",
    }),
    (world, made: api.AgentInjection) => {
      made.addSecret("config", { path: "secret/data/config", template: "x" });
      world.show([made.annotations, made.volumes]);
    },
  ),
  "AgentInjection.addSecret": call(
    (world, name: never, secret: never) => injected(world, (it) => it.addSecret(name, secret)),
    () => ["config", { ...file, path: "secret/data/config", template: "x", sourced: true }],
  ),
  "AgentInjection.addKeyValue": call(
    (world, name: never, secret: never) => injected(world, (it) => it.addKeyValue(name, secret)),
    () => [
      "config",
      { ...file, mount: "secret", path: "payment-service/config", variables: { API_KEY: "api_key" } },
    ],
  ),
  "AgentInjection.addDatabaseCredentials": call(
    (world, name: never, props: never) => injected(world, (it) => it.addDatabaseCredentials(name, props)),
    () => [
      "database",
      {
        ...file,
        role: "payment-service",
        leaseTtl: Duration.hours(1),
        mount: "database",
        variables: { DB_USERNAME: "username" },
      },
    ],
  ),
  "AgentInjection.addPkiCertificate": call(
    (world, name: never, props: never) => injected(world, (it) => it.addPkiCertificate(name, props)),
    () => [
      "certificate",
      {
        ...file,
        role: "payment-service",
        commonName: "payments.example.com",
        alternativeNames: ["payments-2.example.com"],
        ttl: Duration.hours(24),
        mount: "pki",
      },
    ],
  ),
  ClusterSecretStore: construct(api.ClusterSecretStore, (world) => ({
    ...access(world),
    ...stored(world),
    name: "vault-payments",
    mount: "secret",
    allowOtherNamespaces: ["staging"],
  })),
  ExternalSecret: construct(api.ExternalSecret, (world) => ({
    ...stored(world),
    store: world.store,
    name: "payment-service-secrets",
    path: "payment-service/config",
    keys: { "api-key": "api_key" },
    namespace: "production",
    refreshInterval: Duration.minutes(5),
  })),
  InjectedDeployment: construct(
    api.InjectedDeployment,
    (world) => ({
      ...agent(world),
      image: "registry.example.com/payment-service:1.0.0",
      command: ["/app", "serve"],
      name: "payment-service",
      port: 8080,
      replicas: 3,
      resources: agentResources,
      healthPath: "/healthz",
      user: 10001,
      shutdown: Duration.seconds(20),
      processName: "app",
      reloadsSecrets: false,
      imagePullSecrets: ["registry"],
    }),
    (_, made: api.InjectedDeployment) =>
      made.injection.addSecret("config", { path: "secret/data/config", template: "x" }),
  ),
  VaultDynamicSecret: construct(api.VaultDynamicSecret, (world) => ({
    ...access(world),
    ...stored(world),
    name: "payment-service-db",
    role: "payment-service",
    leaseTtl: Duration.hours(1),
    mount: "database",
    refreshInterval: Duration.minutes(40),
  })),
  VaultIssuer: construct(api.VaultIssuer, (world) => ({
    ...access(world),
    role: "payment-service",
    caBundleSecret: { name: "vault-ca", key: "ca.crt" },
    name: "vault",
    mount: "pki",
    certManager: { name: "cert-manager", namespace: "cert-manager" },
    crds: world.crds,
  })),
  workloadIdentity: call(
    (world, attributes: never) =>
      new api.ClusterSecretStore(world.stack, world.nextId(), {
        vault: world.vault,
        identity: api.workloadIdentity(attributes),
        crds: world.crds,
        name: "store",
      }),
    () => [
      {
        service: "payment-service",
        namespace: "production",
        authPath: "kubernetes",
        audience: "vault",
        tokenTtl: Duration.hours(1),
      },
    ],
  ),
  WorkloadServiceAccount: construct(api.WorkloadServiceAccount, (world) => ({
    identity: world.identity,
    imagePullSecrets: ["registry"],
  })),
};
