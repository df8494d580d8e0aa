import { type HclBlock, type HclEntry, renderHcl } from "../core/hcl";
import { METRICS_PORT } from "./ports";

/** Files of the certificate, as the servers see them. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
  readonly caFile: string;
}

export interface ServerConfigurationProps {
  readonly clusterName: string;
  readonly certificate: CertificateFiles;
  readonly tlsMinVersion: "1.2" | "1.3";
  /** Clients, joining servers among them, have to present a certificate. */
  readonly mutualTls: boolean;
  /** The `seal` stanza. @default - none: Shamir's key shares */
  readonly seal?: HclBlock;
  /** URLs of all servers, by which each finds the others and joins them without a command. */
  readonly joinAddresses: readonly string[];
  /** Folder of the data. @default /vault/data */
  readonly dataPath?: string;
  /** Where to listen. @default - every address, ports 8200, 8201 and 8210 for metrics */
  readonly listen?: { readonly api: string; readonly cluster: string; readonly metrics: string };
  /** Labels the pods as active, standby, sealed. @default true - outside Kubernetes there is no pod to label */
  readonly kubernetesRegistration?: boolean;
  /** What only a server outside Kubernetes has to be told: its own addresses and its name. */
  readonly extra?: readonly HclEntry[];
}

/**
 * The configuration of one server. The chart's pods and servers elsewhere get theirs from here, so that what is
 * tried on one machine is what runs in the cluster.
 * @see https://developer.hashicorp.com/vault/docs/configuration
 */
export function renderServerConfiguration(props: ServerConfigurationProps): string {
  const { certificate, mutualTls } = props;
  const listen = props.listen ?? {
    api: "[::]:8200",
    cluster: "[::]:8201",
    metrics: `[::]:${METRICS_PORT}`,
  };
  const tls: HclEntry[] = [
    ["tls_cert_file", certificate.certFile],
    ["tls_key_file", certificate.keyFile],
    ["tls_min_version", `tls${props.tlsMinVersion.replace(".", "")}`],
    ["tls_client_ca_file", mutualTls ? certificate.caFile : undefined],
    ["tls_require_and_verify_client_cert", mutualTls || undefined],
    // A listener that asks for none must not accept one either: agents would present theirs and be refused.
    ["tls_disable_client_certs", mutualTls ? undefined : true],
  ];
  return renderHcl([
    ["ui", true],
    ["cluster_name", props.clusterName],
    // Raft maps its files into memory, which must not be locked; swap has to be off on the nodes.
    ["disable_mlock", true],
    ...(props.extra ?? []),
    {
      type: "listener",
      label: "tcp",
      body: [["address", listen.api], ["cluster_address", listen.cluster], ...tls],
    },
    // Prometheus has no token, so metrics are open here; the network policy decides who gets here.
    {
      type: "listener",
      label: "tcp",
      body: [
        ["address", listen.metrics],
        ...tls,
        { type: "telemetry", body: [["unauthenticated_metrics_access", true]] },
      ],
    },
    {
      type: "storage",
      label: "raft",
      body: [
        ["path", props.dataPath ?? "/vault/data"],
        // As HashiCorp wants it in production: a lost leader is replaced in seconds.
        ["performance_multiplier", 1],
        ...props.joinAddresses.map((address) => retryJoin(address, certificate, mutualTls)),
      ],
    },
    ...(props.seal ? [props.seal] : []),
    ...(props.kubernetesRegistration === false
      ? []
      : [{ type: "service_registration", label: "kubernetes", body: [] }]),
    {
      type: "telemetry",
      body: [
        ["prometheus_retention_time", "24h"],
        ["disable_hostname", true],
      ],
    },
  ]);
}

function retryJoin(address: string, certificate: CertificateFiles, mutualTls: boolean): HclBlock {
  return {
    type: "retry_join",
    body: [
      ["leader_api_addr", address],
      ["leader_ca_cert_file", certificate.caFile],
      ["leader_client_cert_file", mutualTls ? certificate.certFile : undefined],
      ["leader_client_key_file", mutualTls ? certificate.keyFile : undefined],
    ],
  };
}
