export { CaBundle, type CertificatesCaBundleProps, type TrustManagerCaBundleProps } from "./ca-bundle";
export { CertificateAuthority, type CertificateAuthorityProps } from "./certificate-authority";
export { type ChartValues, chartValuesSchema } from "./chart-values";
export { EncryptedStorageClass, type EncryptedStorageClassProps } from "./encrypted-storage-class";
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
export type { IVault, VaultAttributes } from "./vault";
export { VaultHaCluster } from "./vault-ha-cluster";
export type { VaultHaClusterProps } from "./vault-ha-cluster-props";
export { VaultNamespace, type VaultNamespaceProps } from "./vault-namespace";
