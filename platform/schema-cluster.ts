import { z } from "zod";
import { CLAIM, CLAIM_VALUE, CLIENT_ID, GROUP, METADATA_KEY, SCOPE } from "../constructs/auth/oidc-claims";
import { SERVER_RESOURCES } from "../constructs/server/server-resources";
import * as field from "./fields";
import { replication } from "./schema-replication";

export const kubernetes = z.strictObject({
  /** `eks` also makes access entries for the pipelines' roles. */
  distribution: z.enum(["eks", "other"]),
  clusterName: field.name,
  /** Issuer of the cluster's ServiceAccount tokens, without https://. */
  oidcProvider: field.oidcProvider,
  apiServer: field.httpsUrl(),
  /** Zones of aws.region that have nodes for Vault's servers. */
  zones: z.array(field.zone).min(1, "at least one availability zone"),
  /** Whether this platform installs an operator, the cluster has it already, or there is none and no use for it. */
  operators: z
    .strictObject({
      certManager: z.enum(["install", "existing", "none"]).default("install"),
      externalSecrets: z.enum(["install", "existing", "none"]).default("install"),
    })
    .prefault({}),
  /** API groups of custom resources that the cluster has besides. @default - none */
  customResourceGroups: z.array(field.hostName).default([]),
  /**
   * Secrets (type kubernetes.io/dockerconfigjson) by which nodes log in to the registry of images. You create them, under
   * these names, in each namespace of the platform and of its services. @default - none: the registry needs no login
   */
  imagePullSecrets: z.array(field.objectName).default([]),
  /** Namespaces of services that exist, such as `default`, and stay as they are. @default - none: the platform creates them */
  existingNamespaces: z.array(field.name).default([]),
  /** How the API server keeps Secrets at rest: under a key of a KMS, or plain. @default - unknown, which is reported */
  secretsEncryption: z.enum(["kms", "none"]).optional(),
  /** Lets several servers of Vault share a node. For clusters of one node. @default false */
  allowServersOnOneNode: z.boolean().default(false),
  /**
   * `outside`: Vault's servers and databases are processes beside the cluster, so their addresses are Terraform
   * variables. @default inside
   */
  vault: z.enum(["inside", "outside"]).default("inside"),
});

/** DNS servers that pods ask; every network policy of the platform allows them. */
const dns = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({
      /** DNS servers in pods of the cluster. */
      kind: z.literal("pods"),
      namespace: field.name.default("kube-system"),
      podLabels: field.labels.default({ "k8s-app": "kube-dns" }),
      /** Port of the pods, behind the Service's port 53. @default 53 */
      podPort: field.port.default(53),
    }),
    z.strictObject({
      /** NodeLocal DNSCache: a cache on each node, beside the DNS servers in pods. */
      kind: z.literal("node-local-cache"),
      namespace: field.name.default("kube-system"),
      podLabels: field.labels.default({ "k8s-app": "kube-dns" }),
      podPort: field.port.default(53),
      /**
       * Addresses at which the cache listens. With kube-proxy in mode iptables, also the address of the Service
       * `kube-dns`. @default 169.254.20.10/32
       */
      ranges: z.array(field.anyCidr).min(1, "at least one network range").default(["169.254.20.10/32"]),
    }),
    z.strictObject({
      /** DNS servers that run on the nodes and not in pods, as in EKS Auto Mode. */
      kind: z.literal("nodes"),
      /** Addresses that pods have as nameserver, such as 172.20.0.10/32. */
      ranges: z.array(field.anyCidr).min(1, "at least one network range"),
    }),
  ],
  "DNS servers of kind pods, node-local-cache or nodes",
);

/** Proxy through which pods reach what is outside the cluster: Vault, jobs that call AWS, the audit shipper, operators. */
const proxy = z.strictObject({
  /** URL of the proxy for https:// URLs, such as http://proxy.example.com:3128, without a user. */
  https: field.proxyUrl,
  /** Ranges in which the proxy is. @default - the host tells: a Service's namespace, or the internet */
  ranges: z.array(field.cidr).default([]),
  /** Port of its pods, where the host is a Service that translates the port. @default - the URL's */
  targetPort: field.port.optional(),
  /**
   * Hosts, domains such as .example.com, addresses and ranges that pods reach without the proxy. Names of the cluster and
   * what has ranges here are among them by themselves. @default - none
   */
  noProxy: z.array(field.noProxyEntry).default([]),
});

export const network = z.strictObject({
  /** Where the API server calls the injector's webhook from, and where its endpoints are. */
  controlPlane: z.array(field.cidr).min(1, "at least one network range"),
  /** Interface endpoints of KMS, STS, S3 and Secrets Manager. @default - none: port 443 is open instead */
  vpcEndpoints: z.array(field.cidr).default([]),
  /**
   * Further ranges at which pods reach the API server. Where packets are judged before a Service is translated, as by
   * Amazon's VPC CNI, the address of the Service `kubernetes` belongs here.
   * @default - none
   */
  apiServer: z.array(field.cidr).default([]),
  /** Port of the API server's endpoints, where a load balancer has another one. @default - that of kubernetes.apiServer */
  apiServerPort: field.port.optional(),
  /** @default - pods labelled `k8s-app: kube-dns` in kube-system */
  dns: dns.prefault({ kind: "pods" }),
  /** @default - none: pods connect to the internet, or to ranges that are named */
  proxy: proxy.optional(),
  /** Ranges from which Vault is reached from outside the cluster, such as a load balancer's. @default - none */
  clients: z.array(field.cidr).default([]),
  /**
   * Lets all pods of the services' namespaces reach Vault, and not only those with the label
   * `vault-platform/client: "true"`. For the time in which older pods are replaced.
   * @default false
   */
  unsafeAllowUnlabelledClients: z.boolean().default(false),
  /** Namespace whose Prometheus reads Vault's metrics. @default monitoring */
  monitoringNamespace: field.name.default("monitoring"),
});

/** What only Vault Enterprise has; none of it without a licence. */
const enterprise = z.strictObject({
  licence: field.secretReference.optional(),
  /** A namespace of Vault's for each team. @default false */
  namespaces: z.boolean().default(false),
  /** Sentinel policies that judge every request to some paths. @default - none */
  sentinel: z
    .array(
      z.strictObject({
        name: field.name,
        /** Paths of Vault's API; `*` at the end stands for any rest. */
        paths: z.array(field.text(/./, "a path of Vault's API")).min(1, "at least one path"),
        /** Sentinel code with a rule `main`. */
        code: field.text(/^\s*main\s*=/m, "Sentinel code with a rule main"),
      }),
    )
    .default([]),
  /** Sentinel policies that judge every request of some services, whatever it asks for. @default - none */
  sentinelRoles: z
    .array(
      z.strictObject({
        name: field.name,
        /** Names of services of this environment. */
        services: z.array(field.name).min(1, "at least one service"),
        /** Sentinel code with a rule `main`. */
        code: field.text(/^\s*main\s*=/m, "Sentinel code with a rule main"),
      }),
    )
    .default([]),
  /** Leases that may exist at a time. @default - no limit */
  maxLeases: field.wholeNumber(1, Number.MAX_SAFE_INTEGER, "at least one lease").optional(),
  /** Replication to a cluster in another region that stands by. @default - none */
  dr: replication.optional(),
});

const tls = z.strictObject({
  /** Who signs Vault's certificate. @default - a CA that cert-manager makes in the cluster and keeps there */
  issuer: z
    .strictObject({
      kind: z.enum(["Issuer", "ClusterIssuer"]),
      name: field.name,
      type: z.enum(["ca", "aws-pca", "venafi", "google-cas"]),
    })
    .optional(),
  /**
   * Secret of Vault's namespace (tls.crt, tls.key, ca.crt) that somebody else keeps, for all names by which servers,
   * clients and probes reach Vault. @default - none: cert-manager has the certificate signed and renews it
   */
  existingSecret: field.name.optional(),
  /**
   * Certificates of the CA, for those who talk to Vault; the old and the new one while it changes.
   * @default - trust-manager of the cluster distributes them
   */
  caCertificates: z.array(field.authorities).default([]),
  minVersion: z.enum(["1.2", "1.3"]).default("1.3"),
  /** Clients have to present a certificate of the same CA. @default false */
  mutual: z.boolean().default(false),
});

const group = field.textOf(GROUP);

/** Groups of one level: a user must be in one of them. */
const groups = z.union([group, z.array(group).min(1, "at least one group")], GROUP.allowed);

const claim = field.textOf(CLAIM);

const oidc = z.strictObject({
  /** Issuer of the identity provider, as its discovery document has it: a slash at the end counts. */
  issuer: field.oidcIssuer,
  clientId: field.textOf(CLIENT_ID),
  /** Certificates that sign the identity provider's. @default - those that Vault's image trusts */
  caCertificate: field.caCertificates.optional(),
  /** Scopes that Vault requests besides openid. @default - profile and groups */
  scopes: z
    .array(field.textOf(SCOPE))
    .min(1, "at least one scope, such as profile")
    .default(["profile", "groups"]),
  /** Claim that holds the groups: a name, or a JSON pointer such as /realm_access/roles. @default groups */
  groupsClaim: claim.default("groups"),
  /** Claim that identifies a user; it must never pass on to another user. @default sub */
  userClaim: claim.default("sub"),
  /** Further claims that a login must have, each with one of the values. @default - none: the groups decide */
  boundClaims: z.record(claim, z.array(field.textOf(CLAIM_VALUE)).min(1, "at least one value")).default({}),
  /** Claims that Vault copies into the metadata of a login and its audit log, by the metadata's key. @default - none */
  claimMappings: z.record(claim, field.textOf(METADATA_KEY)).default({}),
  /** Vault's integration with one identity provider: `azure` reads groups from Microsoft Graph. @default - none */
  providerConfig: z.strictObject({ provider: z.literal("azure") }).optional(),
  /** Ranges in which the identity provider is. @default - the host tells: a Service's namespace, or the internet */
  ranges: z.array(field.cidr).default([]),
  /** Port of its pods, where the host is a Service that translates the port. @default - the URL's */
  targetPort: field.port.optional(),
  /** Groups of the identity provider by what their members do in Vault. */
  groups: z.strictObject({
    operator: groups,
    auditor: groups,
    admin: groups,
    /** Write secrets and read none. Their members are in no other group here. @default - nobody */
    keeper: groups.optional(),
  }),
});

export const vault = z.strictObject({
  replicas: z.union(
    [z.literal(1), z.literal(3), z.literal(5), z.literal(7)],
    "1, 3, 5 or 7, so that Raft can elect a leader",
  ),
  /** Where operators and pipelines reach Vault. */
  endpoint: field.httpsUrl(),
  chartVersion: field.version,
  dataSize: field.size.prefault("10Gi"),
  auditSize: field.size.prefault("10Gi"),
  storageClass: field.name.default("gp3"),
  /**
   * The cluster has that storage class already, and whoever made it sees to encryption.
   * @default false - the platform makes one of encrypted volumes of Amazon EBS
   */
  existingStorageClass: z.boolean().default(false),
  /** What the scheduler keeps free for each server. */
  requests: z
    .strictObject({
      cpu: field.cpu.prefault(SERVER_RESOURCES.requests.cpu.toString()),
      memory: field.size.prefault(SERVER_RESOURCES.requests.memory.toString()),
    })
    .prefault({}),
  tls: tls.prefault({}),
  /** One PGP public key (armored) per recovery share. @default - shares are stored without a further encryption */
  recoveryPgpKeys: z
    .array(field.pgpPublicKey)
    .length(5, "five PGP public keys, one per recovery share")
    .optional(),
  /** Where people log in. @default - nowhere: pipelines alone reach Vault */
  oidc: oidc.optional(),
  /**
   * ServiceAccounts that keep secrets as the group `keeper` does, where people have no identity provider or a program
   * writes secrets. Somebody else makes them.
   * @default - none
   */
  secretKeepers: z.array(z.strictObject({ namespace: field.name, name: field.name })).default([]),
  enterprise: enterprise.optional(),
});

export const images = z.strictObject({
  vault: field.image,
  vaultAgentInjector: field.image,
  awsCli: field.image,
  kubectl: field.image.regex(
    /^(?!registry\.k8s\.io\/kubectl[:@])/,
    "an image with a shell beside kubectl, such as alpine/k8s:1.34.2",
  ),
  auditShipper: field.image,
});

/** Charts of the operators, where this platform installs them. */
export const charts = z.strictObject({
  certManager: field.version,
  externalSecrets: field.version,
});
