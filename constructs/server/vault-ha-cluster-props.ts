import type { AuditShipper } from "../audit/audit-shipper";
import type { ChartSource } from "../core/chart-source";
import type { CrdDeclaration } from "../core/custom-resources";
import { type Field, anyText, anything, flag, list, number, object, record, text } from "../core/field";
import { chartSource, crds, having, size } from "../core/fields";
import type { Size } from "../core/size";
import type { ChartValues } from "./chart-values";
import type { ContainerResources } from "../core/container-resources";
import { containerResources, podOptionFields, seal, secretKey, tls } from "./fields";
import type { PodOptions } from "../core/pod-options";
import type { Seal, SecretKeyReference } from "./seal";
import type { Tls } from "./tls";

/** Properties of `VaultHaCluster`. */
export interface VaultHaClusterProps extends PodOptions {
  /** Seal of the servers, for example `Seal.awsKms(...)`. */
  readonly seal: Seal;
  /** Source of the server certificates, for example `Tls.certManager(...)`. */
  readonly tls: Tls;
  /**
   * Namespace of Vault. Only one Vault fits in a namespace: the ServiceAccount `vault`, the certificate's Secret and
   * the jobs have fixed names.
   * @default vault
   */
  readonly namespace?: string;
  /**
   * Name of the Helm release, the prefix of Services and cluster-wide objects. It must contain `vault` and be unique
   * among the Vaults of the cluster.
   * @default vault
   */
  readonly releaseName?: string;
  /** Helm chart and its version. @default - version 0.34.1 from HashiCorp's repository */
  readonly chart?: ChartSource;
  /** Image of the servers and of the injected agents, with its version. @default hashicorp/vault:1.21.0 */
  readonly image?: string;
  /** Image of the injector, with its version. @default hashicorp/vault-k8s:1.7.6 */
  readonly injectorImage?: string;
  /** Number of servers: 1, 3, 5 or 7. @default 3 - Vault survives the loss of one server */
  readonly replicas?: number;
  /** Availability zones of the nodes. The servers are spread evenly over the zones. @default - one zone: no spread */
  readonly zones?: readonly string[];
  /** StorageClass of the data and audit volumes. @default gp3 */
  readonly storageClass?: string;
  /** Size of the data volume of each server. @default 10 GiB - as in the article */
  readonly dataSize?: Size;
  /**
   * Size of the audit volume of each server. If it is full, Vault stops answering.
   * @default 10 GiB - as in the article
   */
  readonly auditSize?: Size;
  /** Resources of the server container. @default - requests 500m and 1 GiB, limits 2 cores and 2 GiB */
  readonly resources?: ContainerResources;
  /** Number of injectors. @default 2 - one of them is the leader */
  readonly injectorReplicas?: number;
  /** Resources of the injector container. @default - requests 50m and 64 MiB, limits 250m and 128 MiB */
  readonly injectorResources?: ContainerResources;
  /**
   * Host name or address at which operators and pipelines reach Vault, without scheme and port. It is added to the
   * certificate.
   * @default - none
   */
  readonly externalHost?: string;
  /** Licence of Vault Enterprise, in an existing Secret. @default - the Community edition */
  readonly licence?: SecretKeyReference;
  /** Sidecar that ships the audit log to a SIEM. @default - none; the rule `audit-shipping` reports it */
  readonly auditShipper?: AuditShipper;
  /** PriorityClass of the servers. @default - the cluster's default */
  readonly priorityClassName?: string;
  /** CRDs that exist. Required if cert-manager signs the certificate. @default - none */
  readonly crds?: CrdDeclaration;
  /**
   * Allows several servers, and several injectors, on one node. The failure of that node stops all of them. Use it for
   * clusters with one node.
   * @default false
   */
  readonly allowServersOnOneNode?: boolean;
  /** Further chart values, validated against the values that this project knows. @default - none */
  readonly chartValues?: ChartValues;
  /** Arbitrary chart values, merged last and not validated. The hardening rules evaluate the result. @default - none */
  readonly helmValues?: Readonly<Record<string, unknown>>;
}

/** Validates `VaultHaClusterProps`. */
export const VAULT_HA_CLUSTER = object<VaultHaClusterProps>(() => ({
  ...podOptionFields,
  seal,
  tls,
  namespace: text.optional(),
  releaseName: text.known().optional(),
  chart: chartSource.optional(),
  image: text.optional(),
  injectorImage: text.optional(),
  replicas: number.known().optional(),
  zones: list(text).known().optional(),
  storageClass: text.optional(),
  dataSize: size.optional(),
  auditSize: size.optional(),
  resources: containerResources.optional(),
  injectorReplicas: number.optional(),
  injectorResources: containerResources.optional(),
  externalHost: anyText.optional(),
  licence: secretKey.optional(),
  auditShipper: having<AuditShipper>("an AuditShipper", "configuration", "sidecar").optional(),
  priorityClassName: text.optional(),
  crds: crds.optional(),
  allowServersOnOneNode: flag.optional(),
  chartValues: (record(anything) as Field<ChartValues>).optional(),
  helmValues: record(anything).optional(),
}));
