import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { type ContainerResources, renderResources } from "../core/container-resources";
import { containerResources } from "../server/fields";
import { digest } from "../jobs/job-pod";
import { Cpu } from "../core/cpu";
import { checkProps, object, text } from "../core/field";
import { having, proxy, size } from "../core/fields";
import { requirePinnedImage } from "../core/image-reference";
import { claimObject } from "../core/kubernetes-claims";
import { literal } from "../core/literal";
import type { OutboundProxy } from "../core/outbound-proxy";
import { Size } from "../core/size";
import { shipperConfiguration } from "./shipper-configuration";
import type { SiemSink } from "./siem-sink";

/** Unix socket of the shipper, for the `socketPath` of an audit device. */
export const AUDIT_SOCKET = "/vault/audit-socket/shipper.sock";

/** Properties of `AuditShipper`. */
export interface AuditShipperProps {
  /** SIEM that receives the entries. */
  readonly sink: SiemSink;
  /** Namespace of Vault. @default vault */
  readonly namespace?: string;
  /** Name of Vault's Helm release. @default vault */
  readonly releaseName?: string;
  /** Image of syslog-ng 4.8 with its modules, with its version. @default balabit/syslog-ng:4.8.1 */
  readonly image?: string;
  /**
   * File size at which the audit log is rotated.
   * @default 128 MiB - the maximum that is sent twice when a pod is replaced
   */
  readonly rotateAt?: Size;
  /** Resources of the sidecar. @default - requests 50m and 64 MiB, limits 500m and 256 MiB */
  readonly resources?: ContainerResources;
  /** Proxy for connections to the sink. @default - none */
  readonly proxy?: OutboundProxy;
}

const PROPS = object<AuditShipperProps>(() => ({
  sink: having<SiemSink>("a SiemSink, such as SiemSink.splunkHec(...)", "props", "destination"),
  namespace: text.optional(),
  releaseName: text.optional(),
  image: text.optional(),
  rotateAt: size.optional(),
  resources: containerResources.optional(),
  proxy: proxy.optional(),
}));

/** Additional container of Vault's pods, with its volumes. */
export interface Sidecar {
  /** Container, as the Kubernetes API expects it. */
  readonly container: Record<string, unknown>;
  /** Volumes of the pod. */
  readonly volumes: readonly Record<string, unknown>[];
  /** Additional mounts of the server container. */
  readonly serverMounts: readonly Record<string, unknown>[];
}

/**
 * Sidecar of each Vault server that sends the audit log to a SIEM. It reads the file of the first audit device, and the
 * socket `AUDIT_SOCKET` of a second device. It rotates the file, and deletes only data that the sink has confirmed.
 *
 * Every entry arrives at least once. Entries of the file arrive in order. To count entries, use `request.id`.
 * @throws ValidationError for an image without a version, and for limits below requests
 */
export class AuditShipper extends LibraryConstruct {
  /** Namespace of the ConfigMap, which the servers mount. */
  readonly namespace: string;
  /** ConfigMap with the script and the configuration of the shipper. */
  readonly configuration: ConfigMapV1;
  /** Sidecar for the pods of Vault. */
  readonly sidecar: Sidecar;

  constructor(scope: Construct, id: string, props: AuditShipperProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { sink, namespace = "vault", releaseName = "vault", rotateAt = Size.mebibytes(128) } = props;
    const image = props.image ?? "balabit/syslog-ng:4.8.1";
    requirePinnedImage(this, "image", image);
    const name = `${releaseName}-audit-shipper`;
    const files = {
      "ship-audit.sh": readFileSync(join(__dirname, "scripts", "ship-audit.sh"), "utf8"),
      "shipper.conf": shipperConfiguration(sink),
      ...(sink.props.caCertificate && { "siem-ca.pem": sink.props.caCertificate }),
    };
    claimObject(this, "ConfigMap", { namespace, name });
    this.namespace = namespace;
    this.configuration = new ConfigMapV1(this, "Resource", {
      metadata: { name, namespace },
      data: Object.fromEntries(Object.entries(files).map(([file, text]) => [file, literal(text)])),
    });
    const mount = (volume: string, mountPath: string, readOnly = false) => ({
      name: volume,
      mountPath,
      ...(readOnly && { readOnly }),
    });
    const socket = mount("audit-socket", "/vault/audit-socket");
    this.sidecar = {
      container: {
        name: "audit-shipper",
        image,
        command: ["/bin/sh", `${CONFIGURATION_FOLDER}/ship-audit.sh`],
        env: [
          { name: "SERVER", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
          ...Object.entries({
            AUDIT_FOLDER: "/vault/audit",
            CONFIGURATION_FOLDER,
            CREDENTIAL: `/etc/siem/${sink.props.credentials.key}`,
            STATE_FOLDER: "/var/lib/audit-shipper",
            RUN_FOLDER: "/run/audit-shipper",
            SOCKET: AUDIT_SOCKET,
            ROTATE_BYTES: String(rotateAt.toMebibytes() * 2 ** 20),
            VAULT_PROCESS: "vault",
            // Changes the pod template with the files, so that the rollout replaces the pods.
            CONFIGURATION_DIGEST: digest(this, files),
            ...props.proxy?.environment(),
          }).map(([variable, value]) => ({ name: variable, value })),
        ],
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        resources: renderResources(this, props.resources ?? DEFAULT_RESOURCES),
        terminationMessagePolicy: "FallbackToLogsOnError",
        volumeMounts: [
          // Volume of the chart, for the first audit device.
          mount("audit", "/vault/audit"),
          socket,
          mount("audit-shipper", CONFIGURATION_FOLDER, true),
          mount("siem-credentials", "/etc/siem", true),
          mount("audit-shipper-state", "/var/lib/audit-shipper"),
          mount("audit-shipper-run", "/run/audit-shipper"),
        ],
      },
      volumes: [
        { name: "audit-socket", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
        { name: "audit-shipper", configMap: { name, defaultMode: 0o444 } },
        {
          name: "siem-credentials",
          secret: {
            secretName: sink.props.credentials.secretName,
            defaultMode: 0o440,
            items: [{ key: sink.props.credentials.key, path: sink.props.credentials.key }],
          },
        },
        // Twice the size of the queue: Kubernetes evicts a pod that exceeds the limit.
        { name: "audit-shipper-state", emptyDir: { sizeLimit: "1Gi" } },
        // Contains the token, so it must not be on disk.
        { name: "audit-shipper-run", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
      ],
      serverMounts: [socket],
    };
  }
}

const CONFIGURATION_FOLDER = "/etc/audit-shipper";

const DEFAULT_RESOURCES: ContainerResources = {
  requests: { cpu: Cpu.millis(50), memory: Size.mebibytes(64) },
  limits: { cpu: Cpu.millis(500), memory: Size.mebibytes(256) },
};
