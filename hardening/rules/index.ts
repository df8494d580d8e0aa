import { approleSecretId } from "./approle-secret-id";
import { auditDevices } from "./audit-devices";
import { auditLogRaw } from "./audit-log-raw";
import { auditPreventDestroy } from "./audit-prevent-destroy";
import { auditRemoteSocket } from "./audit-remote-socket";
import { auditShipping } from "./audit-shipping";
import { auditSyslog } from "./audit-syslog";
import { autoUnseal } from "./auto-unseal";
import { awsAccessKey } from "./aws-access-key";
import { awsRoleWildcard } from "./aws-role-wildcard";
import { backupSchedule } from "./backup-schedule";
import { bucketEncryption } from "./bucket-encryption";
import { bucketPublic } from "./bucket-public";
import { certificateTtl } from "./certificate-ttl";
import { chartPinned } from "./chart-pinned";
import { chartSource } from "./chart-source";
import { clusterSecretsEncryption } from "./cluster-secrets-encryption";
import { databaseCustomSql } from "./database-custom-sql";
import { databaseGrants } from "./database-grants";
import { databasePasswordHash } from "./database-password-hash";
import { databasePasswordInState } from "./database-password-in-state";
import { databaseRootRotation } from "./database-root-rotation";
import { databaseSslmode } from "./database-sslmode";
import { databaseSuperuser } from "./database-superuser";
import { disasterRecovery } from "./disaster-recovery";
import { eksClusterAdmin } from "./eks-cluster-admin";
import { esoApiVersion } from "./eso-api-version";
import { esoSharedStore } from "./eso-shared-store";
import { generatedSecret } from "./generated-secret";
import { guardedObjects } from "./guarded-objects";
import { helmSecretValues } from "./helm-secret-values";
import { helmValuesUnknown } from "./helm-values-unknown";
import { iamTrust } from "./iam-trust";
import { iamWildcard } from "./iam-wildcard";
import { imagePinned } from "./image-pinned";
import { injectorFailOpen } from "./injector-fail-open";
import { instanceMetadata } from "./instance-metadata";
import { jwtRoleUnbound } from "./jwt-role-unbound";
import { kmsDeletion } from "./kms-deletion";
import { kmsRotation } from "./kms-rotation";
import { kubernetesReviewerToken } from "./kubernetes-reviewer-token";
import { kubernetesRoleAudience } from "./kubernetes-role-audience";
import { kubernetesRoleWildcard } from "./kubernetes-role-wildcard";
import { kubernetesSecretInState } from "./kubernetes-secret-in-state";
import { kvSecretInState } from "./kv-secret-in-state";
import { leaseTtl } from "./lease-ttl";
import { mutualTls } from "./mutual-tls";
import { networkPolicies } from "./network-policies";
import { networkPolicyClients } from "./network-policy-clients";
import { networkPolicyOpen } from "./network-policy-open";
import { organizationalRules } from "./organizational-rules";
import { periodicToken } from "./periodic-token";
import { pkiAcme } from "./pki-acme";
import { pkiAnyName } from "./pki-any-name";
import { plaintextVaultAddress } from "./plaintext-vault-address";
import { podResourceLimits } from "./pod-resource-limits";
import { policyEscalation } from "./policy-escalation";
import { policySudo } from "./policy-sudo";
import { policyTarget } from "./policy-target";
import { policyWholeMount } from "./policy-whole-mount";
import { policyWildcard } from "./policy-wildcard";
import { pullRequestRole } from "./pull-request-role";
import { raftRetryJoin } from "./raft-retry-join";
import { rbacClusterSecretReaders } from "./rbac-cluster-secret-readers";
import { rbacSecretReaders } from "./rbac-secret-readers";
import { rbacVaultNamespace } from "./rbac-vault-namespace";
import { recoverySharesEncryption } from "./recovery-shares-encryption";
import { resourcePolicies } from "./resource-policies";
import { restoreDrill } from "./restore-drill";
import { rootPolicy } from "./root-policy";
import { rootRevocation } from "./root-revocation";
import { sealCredentials } from "./seal-credentials";
import { sealIdentity } from "./seal-identity";
import { secretArgument } from "./secret-argument";
import { secretDataSource } from "./secret-data-source";
import { secretInArguments } from "./secret-in-arguments";
import { secretInCode } from "./secret-in-code";
import { secretInConfigMap } from "./secret-in-config-map";
import { secretInEnvironment } from "./secret-in-environment";
import { secretVariableFromKubernetes } from "./secret-variable-from-kubernetes";
import { sharedIdentity } from "./shared-identity";
import { staticAuthMethod } from "./static-auth-method";
import { staticVaultToken } from "./static-vault-token";
import { teamIsolation } from "./team-isolation";
import { tlsEnabled } from "./tls-enabled";
import { tlsMinVersion } from "./tls-min-version";
import { tlsSkipVerify } from "./tls-skip-verify";
import { tokenTtl } from "./token-ttl";
import { unauthenticatedGenerateRoot } from "./unauthenticated-generate-root";
import { unsealKeysOnDisk } from "./unseal-keys-on-disk";
import { userLockout } from "./user-lockout";
import { vaultDevMode } from "./vault-dev-mode";
import { vaultExposed } from "./vault-exposed";
import { vaultImagePrograms } from "./vault-image-programs";
import { vaultPodHardening } from "./vault-pod-hardening";
import { vaultProviderToken } from "./vault-provider-token";
import { vaultResourceLimits } from "./vault-resource-limits";
import { vaultServerOptions } from "./vault-server-options";
import { vaultStorage } from "./vault-storage";
import { vaultTokenResource } from "./vault-token-resource";
import { workloadPrivileges } from "./workload-privileges";
import type { Rule } from "../rule";

/** All rules, in the order of their lists. */
export const rules: readonly Rule[] = [
  autoUnseal,
  sealCredentials,
  sealIdentity,
  unsealKeysOnDisk,
  mutualTls,
  plaintextVaultAddress,
  tlsEnabled,
  tlsMinVersion,
  tlsSkipVerify,
  auditDevices,
  auditLogRaw,
  auditPreventDestroy,
  auditRemoteSocket,
  auditShipping,
  auditSyslog,
  recoverySharesEncryption,
  rootPolicy,
  rootRevocation,
  unauthenticatedGenerateRoot,
  teamIsolation,
  disasterRecovery,
  backupSchedule,
  restoreDrill,
  organizationalRules,
  podResourceLimits,
  vaultResourceLimits,
  instanceMetadata,
  networkPolicies,
  networkPolicyClients,
  networkPolicyOpen,
  secretInArguments,
  secretInEnvironment,
  secretVariableFromKubernetes,
  secretInCode,
  secretInConfigMap,
  approleSecretId,
  awsAccessKey,
  kubernetesReviewerToken,
  sharedIdentity,
  staticAuthMethod,
  staticVaultToken,
  vaultProviderToken,
  vaultTokenResource,
  awsRoleWildcard,
  jwtRoleUnbound,
  kubernetesRoleAudience,
  kubernetesRoleWildcard,
  pkiAcme,
  pkiAnyName,
  policyEscalation,
  policySudo,
  policyTarget,
  policyWholeMount,
  policyWildcard,
  pullRequestRole,
  rbacVaultNamespace,
  workloadPrivileges,
  certificateTtl,
  leaseTtl,
  periodicToken,
  tokenTtl,
  databasePasswordInState,
  generatedSecret,
  helmSecretValues,
  kubernetesSecretInState,
  kvSecretInState,
  secretArgument,
  secretDataSource,
  clusterSecretsEncryption,
  eksClusterAdmin,
  esoSharedStore,
  rbacClusterSecretReaders,
  rbacSecretReaders,
  databaseCustomSql,
  databaseGrants,
  databasePasswordHash,
  databaseRootRotation,
  databaseSslmode,
  databaseSuperuser,
  bucketEncryption,
  bucketPublic,
  guardedObjects,
  iamTrust,
  iamWildcard,
  kmsDeletion,
  kmsRotation,
  resourcePolicies,
  chartPinned,
  chartSource,
  imagePinned,
  esoApiVersion,
  helmValuesUnknown,
  injectorFailOpen,
  raftRetryJoin,
  userLockout,
  vaultDevMode,
  vaultExposed,
  vaultImagePrograms,
  vaultPodHardening,
  vaultServerOptions,
  vaultStorage,
];
