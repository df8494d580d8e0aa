export {
  DrHandover,
  type DrHandoverLocation,
  type DrHandoverProps,
  type DrHandoverReference,
  drHandoverStatements,
} from "./dr-handover";
export {
  DR_SECONDARY_RULES,
  DrReplicationPrimary,
  DrReplicationSecondary,
  drPrimaryRules,
} from "./dr-replication";
export type {
  DrReplicationPrimaryProps,
  DrReplicationProps,
  DrReplicationSecondaryProps,
} from "./dr-replication-props";
export {
  EnterpriseNamespace,
  type EnterpriseNamespaceAttributes,
  type EnterpriseNamespaceProps,
  type IEnterpriseNamespace,
} from "./enterprise-namespace";
export { LeaseCountQuota, type LeaseCountQuotaProps } from "./lease-count-quota";
export type { EnterpriseLicence, EnterpriseProps } from "./licence";
export {
  type EndpointPolicyProps,
  type EnforcementLevel,
  SentinelEndpointPolicy,
  type SentinelPolicyProps,
  SentinelRolePolicy,
} from "./sentinel-policy";
