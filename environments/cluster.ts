import { readFileSync } from "node:fs";
import { received } from "../constructs/core/received";
import type { EnvironmentDefinition } from "cdktf-vault-platform/platform";
import {
  chartVersion,
  charts,
  custodians,
  images,
  paymentsDatabase,
  paymentService,
  pipeline,
} from "./shared";

const ACCOUNT = "123456789012";

/**
 * Your own cluster, which the kubeconfig names: kind, k3s or a node of this machine. One node is enough.
 * State is in files.
 */
const cluster: EnvironmentDefinition = {
  name: "cluster",
  state: "local",
  aws: {
    account: ACCOUNT,
    region: "us-east-1",
    unsealKeyAlias: "alias/cluster-vault-unseal-key",
    breakGlassPrincipal: `arn:aws:iam::${ACCOUNT}:role/vault-break-glass`,
    recoveryCustodians: custodians(ACCOUNT),
  },
  kubernetes: {
    distribution: "other",
    clusterName: "cluster",
    oidcProvider: "oidc.cluster.example.com",
    // The kubeconfig has the actual address.
    apiServer: "https://127.0.0.1:6443",
    zones: ["us-east-1a"],
    allowServersOnOneNode: true,
  },
  network: { controlPlane: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] },
  vault: {
    replicas: 3,
    endpoint: "https://127.0.0.1:8200",
    chartVersion,
    dataSize: "1Gi",
    auditSize: "1Gi",
    requests: { cpu: "100m", memory: "256Mi" },
    tls: { issuer: { kind: "ClusterIssuer", name: "platform-ca", type: "ca" } },
    // There is no identity provider for users: a ServiceAccount writes the secrets.
    secretWriters: [{ namespace: "vault", name: "secret-writer" }],
  },
  images,
  charts,
  siem: {
    kind: "splunk-hec",
    endpoint: "https://splunk.example.com:8088",
    credentials: { secretName: "siem-credentials", key: "hec" },
  },
  backup: { retention: "1d" },
  databases: [paymentsDatabase],
  services: [{ ...paymentService, deployment: { ...paymentService.deployment, replicas: 1 } }],
  // Your own cluster may have no connection to GitHub.
  pipeline: { ...pipeline, vaultLogin: false },
};

type Settings<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [Key in keyof T]?: Settings<T[Key]> | null }
    : T;

/** Differences from the default definition: objects are merged, lists are replaced, null removes a field. */
export type ClusterSettings = Settings<EnvironmentDefinition>;

/**
 * Environment of your own cluster. `settings` are its differences from the default definition, section by section.
 * Set at least the certificates of the CA (`vault.tls.caCertificates`).
 */
export function clusterEnvironment(settings: ClusterSettings): EnvironmentDefinition {
  const merged = Object.entries(settings).map(([section, value]) => [
    section,
    merge(cluster[section as keyof EnvironmentDefinition], value),
  ]);
  return { ...cluster, ...(Object.fromEntries(merged) as Partial<EnvironmentDefinition>) };
}

/**
 * Environment with the settings in the file that `CLUSTER_SETTINGS` names. Without the variable, the list is empty.
 * @throws Error if the file is not readable JSON
 */
export function clusterEnvironmentOf(env: NodeJS.ProcessEnv): EnvironmentDefinition[] {
  const file = env.CLUSTER_SETTINGS;
  if (!file) return [];
  try {
    return [clusterEnvironment(JSON.parse(readFileSync(file, "utf8")) as ClusterSettings)];
  } catch (error) {
    throw new Error(
      `CLUSTER_SETTINGS must be a JSON file with the cluster's settings, got ${received(file)}: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

/** Merges objects key by key. Null removes a key; lists and all other values are replaced. */
function merge(base: unknown, change: unknown): unknown {
  if (!isObject(base) || !isObject(change)) return change;
  const merged = Object.entries(change).map(([key, value]) => [key, merge(base[key], value)]);
  const all = { ...base, ...Object.fromEntries(merged) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
