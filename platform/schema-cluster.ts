import { z } from "zod";
import { CLAIM, CLAIM_VALUE, CLIENT_ID, GROUP, METADATA_KEY, SCOPE } from "../constructs/auth/oidc-claims";
import { SERVER_RESOURCES } from "../constructs/server/server-resources";
import * as field from "./fields";
import { replication } from "./schema-replication";

/** Schema of `KubernetesDefinition`. */
export const kubernetes = z.strictObject({
  distribution: z.enum(["eks", "other"]),
  clusterName: field.name,
  oidcProvider: field.oidcProvider,
  apiServer: field.httpsUrl(),
  zones: z.array(field.zone).min(1, "at least one availability zone"),
  operators: z
    .strictObject({
      certManager: z.enum(["install", "existing", "none"]).default("install"),
      externalSecrets: z.enum(["install", "existing", "none"]).default("install"),
    })
    .prefault({}),
  customResourceGroups: z.array(field.hostName).default([]),
  imagePullSecrets: z.array(field.objectName).default([]),
  existingNamespaces: z.array(field.name).default([]),
  secretsEncryption: z.enum(["kms", "none"]).optional(),
  allowServersOnOneNode: z.boolean().default(false),
  vault: z.enum(["internal", "external"]).default("internal"),
});

/** DNS servers that pods query. Every network policy of the platform allows them. */
const dns = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({
      kind: z.literal("pods"),
      namespace: field.name.default("kube-system"),
      podLabels: field.labels.default({ "k8s-app": "kube-dns" }),
      podPort: field.port.default(53),
    }),
    z.strictObject({
      kind: z.literal("node-local-cache"),
      namespace: field.name.default("kube-system"),
      podLabels: field.labels.default({ "k8s-app": "kube-dns" }),
      podPort: field.port.default(53),
      ranges: z.array(field.anyCidr).min(1, "at least one network range").default(["169.254.20.10/32"]),
    }),
    z.strictObject({
      kind: z.literal("nodes"),
      ranges: z.array(field.anyCidr).min(1, "at least one network range"),
    }),
  ],
  "DNS servers of kind pods, node-local-cache or nodes",
);

/** Proxy for connections out of the cluster: from Vault, jobs that call AWS, the audit shipper and operators. */
const proxy = z.strictObject({
  https: field.proxyUrl,
  ranges: z.array(field.cidr).default([]),
  targetPort: field.port.optional(),
  noProxy: z.array(field.noProxyEntry).default([]),
});

/** Schema of `NetworkDefinition`. */
export const network = z.strictObject({
  controlPlane: z.array(field.cidr).min(1, "at least one network range"),
  vpcEndpoints: z.array(field.cidr).default([]),
  apiServer: z.array(field.cidr).default([]),
  apiServerPort: field.port.optional(),
  dns: dns.prefault({ kind: "pods" }),
  proxy: proxy.optional(),
  clients: z.array(field.cidr).default([]),
  unsafeAllowUnlabelledClients: z.boolean().default(false),
  monitoringNamespace: field.name.default("monitoring"),
});

/** Features of Vault Enterprise. Each needs a licence. */
const enterprise = z.strictObject({
  licence: field.secretReference.optional(),
  namespaces: z.boolean().default(false),
  sentinel: z
    .array(
      z.strictObject({
        name: field.name,
        paths: z.array(field.text(/./, "a path of Vault's API")).min(1, "at least one path"),
        code: field.text(/^\s*main\s*=/m, "Sentinel code with a rule main"),
      }),
    )
    .default([]),
  sentinelRoles: z
    .array(
      z.strictObject({
        name: field.name,
        services: z.array(field.name).min(1, "at least one service"),
        code: field.text(/^\s*main\s*=/m, "Sentinel code with a rule main"),
      }),
    )
    .default([]),
  maxLeases: field.wholeNumber(1, Number.MAX_SAFE_INTEGER, "at least one lease").optional(),
  dr: replication.optional(),
});

const tls = z.strictObject({
  issuer: z
    .strictObject({
      kind: z.enum(["Issuer", "ClusterIssuer"]),
      name: field.name,
      type: z.enum(["ca", "aws-pca", "venafi", "google-cas"]),
    })
    .optional(),
  existingSecret: field.name.optional(),
  caCertificates: z.array(field.authorities).default([]),
  minVersion: z.enum(["1.2", "1.3"]).default("1.3"),
  mutual: z.boolean().default(false),
});

const group = field.textOf(GROUP);

/** Groups of one access level. A user must be in one of them. */
const groups = z.union([group, z.array(group).min(1, "at least one group")], GROUP.allowed);

const claim = field.textOf(CLAIM);

const oidc = z.strictObject({
  issuer: field.oidcIssuer,
  clientId: field.textOf(CLIENT_ID),
  caCertificate: field.caCertificates.optional(),
  scopes: z
    .array(field.textOf(SCOPE))
    .min(1, "at least one scope, such as profile")
    .default(["profile", "groups"]),
  groupsClaim: claim.default("groups"),
  userClaim: claim.default("sub"),
  boundClaims: z.record(claim, z.array(field.textOf(CLAIM_VALUE)).min(1, "at least one value")).default({}),
  claimMappings: z.record(claim, field.textOf(METADATA_KEY)).default({}),
  providerConfig: z.strictObject({ provider: z.literal("azure") }).optional(),
  ranges: z.array(field.cidr).default([]),
  targetPort: field.port.optional(),
  groups: z.strictObject({
    operator: groups,
    auditor: groups,
    admin: groups,
    secretWriter: groups.optional(),
  }),
});

/** Schema of `VaultDefinition`. */
export const vault = z.strictObject({
  replicas: z.union(
    [z.literal(1), z.literal(3), z.literal(5), z.literal(7)],
    "1, 3, 5 or 7, so that Raft can elect a leader",
  ),
  endpoint: field.httpsUrl(),
  chartVersion: field.version,
  dataSize: field.size.prefault("10Gi"),
  auditSize: field.size.prefault("10Gi"),
  storageClass: field.name.default("gp3"),
  existingStorageClass: z.boolean().default(false),
  requests: z
    .strictObject({
      cpu: field.cpu.prefault(SERVER_RESOURCES.requests.cpu.toString()),
      memory: field.size.prefault(SERVER_RESOURCES.requests.memory.toString()),
    })
    .prefault({}),
  tls: tls.prefault({}),
  recoveryPgpKeys: z
    .array(field.pgpPublicKey)
    .length(5, "five PGP public keys, one per recovery share")
    .optional(),
  oidc: oidc.optional(),
  secretWriters: z.array(z.strictObject({ namespace: field.name, name: field.name })).default([]),
  enterprise: enterprise.optional(),
});

/** Schema of `ImagesDefinition`. */
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

/** Schema of `ChartsDefinition`: chart versions of the operators that the platform installs. */
export const charts = z.strictObject({
  certManager: field.version,
  externalSecrets: field.version,
});
