export { ClientNamespace, type ClientNamespaceProps } from "./client-namespace";
export { ClusterDns, type DnsPods, type NodeDnsProps, type NodeLocalCacheProps } from "./cluster-dns";
export { EgressTarget } from "./egress-target";
export { COMPONENT_LABEL, type Component, SERVICE_LABEL, VAULT_CLIENT_LABEL } from "./labels";
export type { Destination } from "./network-peers";
export {
  type ClientPods,
  type DatabaseEndpoint,
  type ExternalEndpoint,
  NetworkPolicies,
  type NetworkPoliciesProps,
} from "./network-policies";
export {
  type EgressRule,
  WorkloadEgressPolicy,
  type WorkloadEgressPolicyProps,
} from "./workload-egress-policy";
