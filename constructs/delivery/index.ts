export {
  AgentInjection,
  type InjectedCertificate,
  type InjectedDatabaseCredentials,
  type InjectedFileOptions,
  type InjectedKeyValue,
  type InjectedSecret,
} from "./agent-injection";
export type { AgentInjectionProps, InjectionVolume } from "./agent-settings";
export type { EnvironmentVariables } from "./agent-templates";
export {
  ClusterSecretStore,
  type ClusterSecretStoreProps,
  type IClusterSecretStore,
} from "./cluster-secret-store";
export { ExternalSecret, type ExternalSecretProps } from "./external-secret";
export { InjectedDeployment, type InjectedDeploymentProps } from "./injected-deployment";
export { VaultDynamicSecret, type VaultDynamicSecretProps } from "./vault-dynamic-secret";
export { VaultIssuer, type VaultIssuerProps } from "./vault-issuer";
export type { KeyValueReference } from "./vault-path";
export {
  type WorkloadIdentity,
  type WorkloadIdentityAttributes,
  workloadIdentity,
} from "./workload-identity";
export { WorkloadServiceAccount, type WorkloadServiceAccountProps } from "./workload-service-account";
