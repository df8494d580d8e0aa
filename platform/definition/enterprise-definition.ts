import type { SecretReferenceDefinition } from "./secret-reference-definition";

/** Features of Vault Enterprise. All of them require `licence`. */
export interface EnterpriseDefinition {
  /**
   * Secret in Vault's namespace with the licence.
   * @default - none: every other field of this section is rejected
   * @example { secretName: "vault-licence", key: "licence" }
   */
  readonly licence?: SecretReferenceDefinition;
  /**
   * Whether each team gets a namespace `teams/<team>` of Vault, with logins and engines for its services.
   * See docs/team-namespaces.md.
   * @default false - the services of all teams share one namespace
   * @example true
   */
  readonly namespaces?: boolean;
  /**
   * Sentinel policies for requests to certain paths. Names are unique among all Sentinel policies.
   * @default [] - ACL policies alone decide
   * @example [{ name: "working-hours", paths: ["secret/data/payments/*"], code: "main = rule { true }" }]
   */
  readonly sentinel?: readonly SentinelPolicyDefinition[];
  /**
   * Sentinel policies for all requests of certain services. Names are unique among all Sentinel policies.
   * @default [] - ACL policies alone decide
   * @example [{ name: "from-cluster", services: ["payment-service"], code: "main = rule { true }" }]
   */
  readonly sentinelRoles?: readonly SentinelRoleDefinition[];
  /**
   * Number of leases that may exist at a time: at least 1.
   * @default - no limit: alerts report growth
   * @example 100000
   */
  readonly maxLeases?: number;
  /**
   * DR replication with a cluster in another region. See docs/disaster-recovery.md.
   * @default - none: snapshots alone restore the data
   * @example { side: "secondary", primary: { name: "production", account: "333333333333" }, peerRanges: ["10.30.0.0/20"] }
   */
  readonly dr?: DrReplicationDefinition;
}

/** Sentinel policy for requests to certain paths. */
export interface SentinelPolicyDefinition {
  /**
   * Name of the policy: a lower-case DNS label of at most 63 characters.
   * @example "working-hours"
   */
  readonly name: string;
  /**
   * Paths of Vault's API. A `*` at the end matches any rest. At least one.
   * @example ["secret/data/payments/*"]
   */
  readonly paths: readonly string[];
  /**
   * Sentinel code with a rule `main`.
   * @example "main = rule { true }"
   */
  readonly code: string;
}

/** Sentinel policy for all requests of certain services. */
export interface SentinelRoleDefinition {
  /**
   * Name of the policy: a lower-case DNS label of at most 63 characters.
   * @example "from-cluster"
   */
  readonly name: string;
  /**
   * Names of services of this environment. At least one.
   * @example ["payment-service"]
   */
  readonly services: readonly string[];
  /**
   * Sentinel code with a rule `main`.
   * @example "main = rule { true }"
   */
  readonly code: string;
}

/** DR replication, from the side of this environment. Both environments define their side. */
export type DrReplicationDefinition = DrPrimaryDefinition | DrSecondaryDefinition;

/** DR replication of an environment that serves its data. */
export interface DrPrimaryDefinition {
  /**
   * Side of this environment: it serves the data.
   * @example "primary"
   */
  readonly side: "primary";
  /**
   * Environment that is the standby.
   * @example { name: "production-west", account: "333333333333", region: "us-west-2" }
   */
  readonly secondary: DrSecondaryPeerDefinition;
  /**
   * Address (https, the cluster port) at which the secondary's servers reach the active server. Load balancers pass TLS
   * through.
   * @example "https://vault.production.example.com:8201"
   */
  readonly clusterAddress: string;
  /**
   * Ranges of the secondary's servers and of load balancers in between, in CIDR notation. At least one.
   * @example ["10.40.0.0/20"]
   */
  readonly peerRanges: readonly string[];
}

/** DR replication of an environment that is the standby. */
export interface DrSecondaryDefinition {
  /**
   * Side of this environment: it is the standby.
   * @example "secondary"
   */
  readonly side: "secondary";
  /**
   * Environment that serves the data.
   * @example { name: "production", account: "333333333333" }
   */
  readonly primary: DrPrimaryPeerDefinition;
  /**
   * Ranges of the primary's servers and of load balancers in between, in CIDR notation. At least one.
   * @example ["10.30.0.0/20"]
   */
  readonly peerRanges: readonly string[];
  /**
   * Id of this cluster, as the Job prints it. It confirms that the data of this cluster may be deleted.
   * @default - the Job stops when the cluster has data: replication would delete it
   * @example "7d0f0ff8-34c5-4a9b-8a44-0d7d9b7ac9c1"
   */
  readonly replacesCluster?: string;
}

/** Standby environment of a DR replication. */
export interface DrSecondaryPeerDefinition {
  /**
   * Name of the environment.
   * @example "production-west"
   */
  readonly name: string;
  /**
   * AWS account number of the environment: 12 digits, as text.
   * @example "333333333333"
   */
  readonly account: string;
  /**
   * AWS region of the environment, in the same partition as `aws.region`.
   * @example "us-west-2"
   */
  readonly region: string;
}

/** Environment that serves the data in a DR replication. */
export interface DrPrimaryPeerDefinition {
  /**
   * Name of the environment.
   * @example "production"
   */
  readonly name: string;
  /**
   * AWS account number of the environment: 12 digits, as text.
   * @example "333333333333"
   */
  readonly account: string;
}
