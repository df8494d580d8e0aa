/** Labels by which the parts of the platform know each other. */

/** On pods of Vault's namespace: which part they are. */
export const COMPONENT_LABEL = "vault-platform/component";

/** Parts of Vault's namespace, each with its own network policy. */
export type Component =
  "server" | "injector" | "bootstrap" | "backup" | "drill" | "restore" | "rollout" | "dr-replication";

/**
 * With the value `true`, on namespaces: the injector adds agents to their pods. On pods of those namespaces: they reach
 * Vault.
 */
export const VAULT_CLIENT_LABEL = "vault-platform/client";

/** On pods of a workload: the name of the service, by which network policies select the pods. */
export const SERVICE_LABEL = "vault-platform/service";
