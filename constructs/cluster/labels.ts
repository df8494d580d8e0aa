/** Labels by which the parts of the platform know each other. */

/** On pods of Vault's namespace: which part they are. */
export const COMPONENT_LABEL = "vault-platform/component";

/** Parts of Vault's namespace, each with its own network policy. */
export type Component =
  "server" | "injector" | "bootstrap" | "backup" | "drill" | "restore" | "rollout" | "dr-replication";

/** On namespaces, with the value `true`: their pods reach Vault and can have secrets injected. */
export const VAULT_CLIENT_LABEL = "vault-platform/client";
