/** Kubernetes cluster on which Vault runs, and the operators in it. */
export interface KubernetesDefinition {
  /**
   * Kind of cluster. For `eks` the platform also creates access entries for the pipeline roles.
   * @example "eks"
   */
  readonly distribution: "eks" | "other";
  /**
   * Name of the cluster: a lower-case DNS label of at most 63 characters. For `eks` it is the name in AWS.
   * @example "production"
   */
  readonly clusterName: string;
  /**
   * Issuer of the cluster's ServiceAccount tokens, without `https://`.
   * @example "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E"
   */
  readonly oidcProvider: string;
  /**
   * URL of the API server (https).
   * @example "https://EXAMPLED539D4633E53DE1B716D3041E.gr7.us-east-1.eks.amazonaws.com"
   */
  readonly apiServer: string;
  /**
   * Availability zones of `aws.region` with nodes for Vault's servers: one zone, or at least three. Two are rejected with
   * several servers, because the loss of one zone would stop Vault. See docs/reliability.md.
   * @example ["us-east-1a", "us-east-1b", "us-east-1c"]
   */
  readonly zones: readonly string[];
  /**
   * Operators of the cluster, and whether the platform installs them.
   * @default {} - the platform installs both
   * @example { certManager: "existing" }
   */
  readonly operators?: OperatorsDefinition;
  /**
   * API groups of custom resources that the cluster already has. `monitoring.coreos.com` turns on monitoring and alerts;
   * `trust.cert-manager.io` lets trust-manager distribute the CA.
   * @default [] - the platform creates only custom resources of the operators that it installs
   * @example ["monitoring.coreos.com"]
   */
  readonly customResourceGroups?: readonly string[];
  /**
   * Names of Secrets (type `kubernetes.io/dockerconfigjson`) with which nodes log in to the image registry. You create
   * them in each namespace of the platform and of its services. See docs/air-gapped.md.
   * @default [] - the registry needs no login
   * @example ["registry-credentials"]
   */
  readonly imagePullSecrets?: readonly string[];
  /**
   * Namespaces of services that exist already, such as `default`. The platform uses them without changing them.
   * @default [] - the platform creates the namespaces of all services
   * @example ["default"]
   */
  readonly existingNamespaces?: readonly string[];
  /**
   * Encryption of Secrets in the API server's storage: with a key of a KMS, or none.
   * @default - unknown, which a hardening rule reports
   * @example "kms"
   */
  readonly secretsEncryption?: "kms" | "none";
  /**
   * Allows several Vault servers on one node. For clusters with a single node.
   * @default false - the loss of one node would stop several servers
   * @example true
   */
  readonly allowServersOnOneNode?: boolean;
  /**
   * Location of Vault's servers and databases. With `external` they are processes beside the cluster, whose addresses are
   * Terraform variables; the local platform works this way. See docs/local-platform.md.
   * @default "internal" - the platform deploys Vault in the cluster
   * @example "external"
   */
  readonly vault?: "internal" | "external";
}

/** Operators of the cluster: `install` by the platform, `existing` in the cluster, or `none`. */
export interface OperatorsDefinition {
  /**
   * cert-manager, which has the servers' certificates signed and renews them. `none` requires
   * `vault.tls.existingSecret`.
   * @default "install" - the servers need certificates
   * @example "existing"
   */
  readonly certManager?: "install" | "existing" | "none";
  /**
   * External Secrets, which copies secrets of Vault to Kubernetes Secrets. `none` is rejected when a service has
   * `secrets`, or a database with `secret`.
   * @default "install" - services can have Kubernetes Secrets
   * @example "existing"
   */
  readonly externalSecrets?: "install" | "existing" | "none";
}
