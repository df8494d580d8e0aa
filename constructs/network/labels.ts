/** Labels with which the components of the platform select each other. */

/** Label of pods in Vault's namespace. Its value is the component. */
export const COMPONENT_LABEL = "vault-platform/component";

/** Components in Vault's namespace, each with a separate network policy. */
export type Component =
  "server" | "injector" | "bootstrap" | "backup" | "drill" | "restore" | "rollout" | "dr-replication";

/**
 * Label of Vault clients, with the value `true`. On a namespace, it enables the injector for its pods. On a pod of such
 * a namespace, it allows connections to Vault.
 */
export const VAULT_CLIENT_LABEL = "vault-platform/client";

/** Label of workload pods. Its value is the name of the service, by which network policies select the pods. */
export const SERVICE_LABEL = "vault-platform/service";
