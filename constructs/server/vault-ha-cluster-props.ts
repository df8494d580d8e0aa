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

export interface VaultHaClusterProps extends PodOptions {
  /** How the servers are unsealed. */
  readonly seal: Seal;
  /** How the servers prove who they are. */
  readonly tls: Tls;
  /** Namespace of this Vault alone: two have the ServiceAccount `vault`, the Secret of the certificate and jobs. @default vault */
  readonly namespace?: string;
  /**
   * Name of the Helm release, which the Services and objects of the cluster are named after; it has to contain `vault`,
   * and no other Vault of the cluster has it.
   * @default vault
   */
  readonly releaseName?: string;
  /** @default - version 0.34.1 from HashiCorp's repository */
  readonly chart?: ChartSource;
  /** Image of the servers and of the agents in pods, with its version. @default hashicorp/vault:1.21.0 */
  readonly image?: string;
  /** Image of the injector, with its version. @default hashicorp/vault-k8s:1.7.6 */
  readonly injectorImage?: string;
  /** 1, 3, 5 or 7. @default - 3, so that the loss of one server is survived */
  readonly replicas?: number;
  /**
   * Availability zones of the nodes; the servers are spread over them evenly.
   * @default - not spread: one zone
   */
  readonly zones?: readonly string[];
  /** @default - gp3 */
  readonly storageClass?: string;
  /** @default - 10 GiB, the article's */
  readonly dataSize?: Size;
  /** @default - 10 GiB, the article's; when it is full, Vault stops answering */
  readonly auditSize?: Size;
  /** @default - requests 500m and 1 GiB, limits 2 cores and 2 GiB */
  readonly resources?: ContainerResources;
  /** @default - 2, one of which is the leader */
  readonly injectorReplicas?: number;
  /** @default - requests 50m and 64 MiB, limits 250m and 128 MiB */
  readonly injectorResources?: ContainerResources;
  /**
   * Host name or address at which operators and pipelines reach Vault, without scheme and port. The certificate is
   * valid for it too.
   * @default - none
   */
  readonly externalHost?: string;
  /** Licence of Vault Enterprise, in a Secret that exists. @default - the Community edition */
  readonly licence?: SecretKeyReference;
  /** Sends the audit log on. @default - nobody does, which is reported */
  readonly auditShipper?: AuditShipper;
  /** PriorityClass of the servers. @default - the cluster's default */
  readonly priorityClassName?: string;
  /** CRDs that exist. Needed where cert-manager signs the certificate. @default - none */
  readonly crds?: CrdDeclaration;
  /**
   * Lets several servers, and several injectors, share a node, which takes all of them with it. For clusters of one
   * node.
   * @default false
   */
  readonly allowServersOnOneNode?: boolean;
  /** Further values of the chart, checked against those that this project knows. */
  readonly chartValues?: ChartValues;
  /** Any values of the chart, merged last and not checked. The hardening rules judge what results. */
  readonly helmValues?: Readonly<Record<string, unknown>>;
}

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
