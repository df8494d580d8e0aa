export { AwsRegion, type AwsPartition } from "./region";
export { EncryptionKey, type EncryptionKeyProps } from "./encryption-key";
export { IrsaRole, type IrsaRoleProps, type ServiceAccountReference } from "./irsa-role";
export { KmsAutoUnseal, type KmsAutoUnsealProps, SEAL_ACTIONS } from "./kms-auto-unseal";
export { type ClusterAccess, PipelineRole, type PipelineRoleProps } from "./pipeline-role";
export type { PartitionProps } from "./partition";
export type { PolicyStatement } from "./policy-document";
export {
  type AccessLogBucketProps,
  PrivateBucket,
  type PrivateBucketProps,
  accessLogBucket,
} from "./private-bucket";
export { RecoveryKeyContainers, type RecoveryKeyContainersProps } from "./recovery-key-containers";
export { SnapshotBucket, type SnapshotBucketProps, type SnapshotReplicationProps } from "./snapshot-bucket";
