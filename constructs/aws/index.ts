export { AwsRegion, type AwsPartition } from "./region";
export { EncryptionKey, type EncryptionKeyProps } from "./encryption-key";
export { IrsaRole, type IrsaRoleProps, type ServiceAccountReference } from "./irsa-role";
export { KmsAutoUnseal, type KmsAutoUnsealProps, SEAL_ACTIONS } from "./kms-auto-unseal";
export { type ClusterAccess, PipelineIamRole, type PipelineIamRoleProps } from "./pipeline-iam-role";
export type { PartitionProps } from "./partition";
export type { PolicyStatement } from "./policy-document";
export {
  type AccessLogBucketProps,
  PrivateBucket,
  type PrivateBucketProps,
  accessLogBucket,
} from "./private-bucket";
export { RecoveryKeySecrets, type RecoveryKeySecretsProps } from "./recovery-key-secrets";
export { SnapshotBucket, type SnapshotBucketProps, type SnapshotReplicationProps } from "./snapshot-bucket";
