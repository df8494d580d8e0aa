export { BackupCronJob, type BackupCronJobProps, backupRules } from "./backup-cron-job";
export { BOOTSTRAP_STEPS, Bootstrap, type BootstrapProps } from "./bootstrap";
export { bootstrapNames } from "./bootstrap-names";
export { CaBundle, type CertificatesCaBundleProps, type TrustManagerCaBundleProps } from "./ca-bundle";
export { CertManager } from "./cert-manager";
export { CertificateAuthority, type CertificateAuthorityProps } from "./certificate-authority";
export { type ChartValues, chartValuesSchema } from "./chart-values";
export { ClientNamespace, type ClientNamespaceProps } from "./client-namespace";
export { ClusterDns, type DnsPods, type NodeDnsProps, type NodeLocalCacheProps } from "./cluster-dns";
export type { ContainerResources } from "./container-resources";
export { DisasterRestore, type DisasterRestoreProps, restoreRules } from "./disaster-restore";
export { EgressTarget } from "./egress-target";
export { EncryptedStorageClass, type EncryptedStorageClassProps } from "./encrypted-storage-class";
export { ExternalSecrets, type IExternalSecrets } from "./external-secrets";
export type { CanaryProps, JobLoginProps } from "./job-login";
export { JobPod } from "./job-pod";
export type { JobPodProps, JobStep, ScratchVolume } from "./job-pod-props";
export { waitedFor } from "./job-run";
export { COMPONENT_LABEL, type Component, SERVICE_LABEL, VAULT_CLIENT_LABEL } from "./labels";
export type { Destination } from "./network-peers";
export {
  type ClientPods,
  type DatabaseEndpoint,
  type ExternalEndpoint,
  NetworkPolicies,
  type NetworkPoliciesProps,
} from "./network-policies";
export type { PodOptions } from "./pod-options";
export { type IOperator, Operator, type OperatorChart, type OperatorProps } from "./operator";
export { PipelineAccess, type PipelineAccessProps } from "./pipeline-access";
export { RestoreDrill, type RestoreDrillProps, drillRules } from "./restore-drill";
export { ROLLOUT_RULES, Rollout, type RolloutProps } from "./rollout";
export {
  type AwsKmsSealProps,
  type AzureKeyVaultSealProps,
  type GcpCkmsSealProps,
  Seal,
  type SealConfiguration,
  type SecretKeyReference,
  type TransitSealProps,
} from "./seal";
export {
  type ExistingSecretTlsProps,
  type IssuerReference,
  type ServerNames,
  Tls,
  type TlsOptions,
} from "./tls";
export { type Subject, TokenRequestGrant, type TokenRequestGrantProps } from "./token-request-grant";
export { type IVault, type VaultAttributes, vaultFromAttributes } from "./vault";
export { VaultHaCluster } from "./vault-ha-cluster";
export type { VaultHaClusterProps } from "./vault-ha-cluster-props";
export { VaultNamespace, type VaultNamespaceProps } from "./vault-namespace";
export {
  type EgressRule,
  WorkloadEgressPolicy,
  type WorkloadEgressPolicyProps,
} from "./workload-egress-policy";
