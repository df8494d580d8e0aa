/** Network ranges of an environment, from which the network policies are made. Ranges are in CIDR notation. */
export interface NetworkDefinition {
  /**
   * Ranges of the cluster's control plane: the sources of its calls to the injector's webhook, and the API server's
   * endpoints. At least one.
   * @example ["10.30.0.0/20"]
   */
  readonly controlPlane: readonly string[];
  /**
   * Ranges of the VPC interface endpoints for KMS, STS, S3 and Secrets Manager.
   * @default [] - there are none, and port 443 is open to the internet instead
   * @example ["10.30.240.0/24"]
   */
  readonly vpcEndpoints?: readonly string[];
  /**
   * Further ranges at which pods reach the API server. Some network plugins, such as Amazon's VPC CNI, evaluate policies
   * before a Service is translated: add the address of the Service `kubernetes` there.
   * @default [] - pods reach the API server in `controlPlane`
   * @example ["172.20.0.1/32"]
   */
  readonly apiServer?: readonly string[];
  /**
   * Port of the API server's endpoints, if a load balancer in front of them has another one: 1 to 65535.
   * @default - the port of `kubernetes.apiServer`: most clusters have no such load balancer
   * @example 6443
   */
  readonly apiServerPort?: number;
  /**
   * DNS servers of the pods. Every network policy of the platform allows connections to them.
   * @default { "kind": "pods" } - pods with the label `k8s-app: kube-dns` in `kube-system`
   * @example { kind: "node-local-cache" }
   */
  readonly dns?: DnsDefinition;
  /**
   * Proxy through which pods reach hosts outside the cluster.
   * @default - none: pods connect directly, to the internet or to the ranges of this definition
   * @example { https: "http://proxy.example.com:3128" }
   */
  readonly proxy?: ProxyDefinition;
  /**
   * Ranges from which clients outside the cluster reach Vault, such as the subnets of a load balancer. A range with
   * addresses of pods would let all those pods reach Vault.
   * @default [] - only pods of the cluster reach Vault
   * @example ["10.30.252.0/22"]
   */
  readonly clients?: readonly string[];
  /**
   * Allows connections to Vault from all pods in the namespaces of services, with or without the label
   * `vault-platform/client: "true"`. Set it only while you replace older pods.
   * @default false - an unlabelled pod has no use for Vault
   * @example true
   */
  readonly unsafeAllowUnlabelledClients?: boolean;
  /**
   * Namespace of the Prometheus that reads Vault's metrics.
   * @default "monitoring" - the usual name
   * @example "prometheus"
   */
  readonly monitoringNamespace?: string;
}

/** DNS servers of the pods: in pods, in a cache on each node, or on the nodes. */
export type DnsDefinition = PodDnsDefinition | NodeLocalDnsDefinition | NodeDnsDefinition;

/** DNS servers in pods of the cluster, such as CoreDNS. */
export interface PodDnsDefinition {
  /**
   * Kind of DNS servers: pods of the cluster.
   * @example "pods"
   */
  readonly kind: "pods";
  /**
   * Namespace of the pods.
   * @default "kube-system" - where distributions install DNS
   * @example "openshift-dns"
   */
  readonly namespace?: string;
  /**
   * Labels of the pods.
   * @default { "k8s-app": "kube-dns" } - the labels that distributions give CoreDNS
   * @example { "dns.operator.openshift.io/daemonset-dns": "default" }
   */
  readonly podLabels?: Readonly<Record<string, string>>;
  /**
   * Port of the pods, behind port 53 of the Service: 1 to 65535.
   * @default 53 - pods usually listen at the port of the Service
   * @example 5353
   */
  readonly podPort?: number;
}

/** NodeLocal DNSCache: a DNS cache on each node, in front of DNS servers in pods. */
export interface NodeLocalDnsDefinition {
  /**
   * Kind of DNS servers: a cache on each node.
   * @example "node-local-cache"
   */
  readonly kind: "node-local-cache";
  /**
   * Namespace of the pods behind the cache.
   * @default "kube-system" - where distributions install DNS
   * @example "openshift-dns"
   */
  readonly namespace?: string;
  /**
   * Labels of the pods behind the cache.
   * @default { "k8s-app": "kube-dns" } - the labels that distributions give CoreDNS
   * @example { "k8s-app": "coredns" }
   */
  readonly podLabels?: Readonly<Record<string, string>>;
  /**
   * Port of the pods behind the cache: 1 to 65535.
   * @default 53 - pods usually listen at the port of the Service
   * @example 5353
   */
  readonly podPort?: number;
  /**
   * Ranges in which the cache listens. If kube-proxy runs in iptables mode, add the address of the Service `kube-dns`.
   * @default ["169.254.20.10/32"] - the address in the documentation of Kubernetes
   * @example ["169.254.20.10/32", "172.20.0.10/32"]
   */
  readonly ranges?: readonly string[];
}

/** DNS servers that run on the nodes and not in pods, as in EKS Auto Mode. */
export interface NodeDnsDefinition {
  /**
   * Kind of DNS servers: processes on the nodes.
   * @example "nodes"
   */
  readonly kind: "nodes";
  /**
   * Ranges with the addresses that pods have as nameserver. At least one.
   * @example ["172.20.0.10/32"]
   */
  readonly ranges: readonly string[];
}

/** Proxy for connections out of the cluster, of Vault, jobs that call AWS, the audit shipper and operators. */
export interface ProxyDefinition {
  /**
   * URL of the proxy for `https://` URLs, without a user or password.
   * @example "http://proxy.example.com:3128"
   */
  readonly https: string;
  /**
   * Ranges of the proxy's addresses.
   * @default [] - the host decides: the namespace of a Service, or the internet
   * @example ["10.0.8.0/24"]
   */
  readonly ranges?: readonly string[];
  /**
   * Port of the proxy's pods, if the host is a Service that translates the port: 1 to 65535.
   * @default - the port of the URL: no Service translates it
   * @example 3128
   */
  readonly targetPort?: number;
  /**
   * Hosts, domains such as `.example.com`, addresses and ranges that pods reach without the proxy. Names of the cluster
   * and destinations whose `ranges` are in this definition are added automatically.
   * @default [] - the automatic entries suffice
   * @example [".corp.example.com", "10.0.0.0/8"]
   */
  readonly noProxy?: readonly string[];
}
