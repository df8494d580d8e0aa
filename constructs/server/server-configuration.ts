import { type HclBlock, type HclEntry, renderHcl } from "../core/hcl";
import { METRICS_PORT } from "./ports";

/** Paths of the certificate files in the server container. */
export interface CertificateFiles {
  /** Certificate in PEM. */
  readonly certFile: string;
  /** Private key in PEM. */
  readonly keyFile: string;
  /** CA certificates in PEM. */
  readonly caFile: string;
}

/** Properties of `renderServerConfiguration`. */
export interface ServerConfigurationProps {
  /** Name of the Vault cluster. */
  readonly clusterName: string;
  /** Paths of the certificate files. */
  readonly certificate: CertificateFiles;
  /** Minimum TLS version of the listeners. */
  readonly tlsMinVersion: "1.2" | "1.3";
  /** Requires a certificate from clients, including servers that join. */
  readonly mutualTls: boolean;
  /** The `seal` stanza. @default - none: Shamir's key shares */
  readonly seal?: HclBlock;
  /** URLs of all servers. Each server uses them to find and join the others automatically. */
  readonly joinAddresses: readonly string[];
  /** Directory of the Raft data. @default /vault/data */
  readonly dataPath?: string;
  /** Listener addresses. @default - all addresses, with ports 8200 (API), 8201 (cluster) and 8210 (metrics) */
  readonly listen?: { readonly api: string; readonly cluster: string; readonly metrics: string };
  /**
   * Labels the pods as active, standby or sealed.
   * @default true - set it to false outside Kubernetes, where there is no pod to label
   */
  readonly kubernetesRegistration?: boolean;
  /** Entries that only a server outside Kubernetes needs: its addresses and its name. @default - none */
  readonly extra?: readonly HclEntry[];
}

/**
 * Renders the configuration of one server. Pods of the chart and servers elsewhere share it, so a test on one machine
 * uses the same configuration as the cluster.
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
    // Without mutual TLS, do not request client certificates: agents would present theirs, and Vault would reject them.
    ["tls_disable_client_certs", mutualTls ? undefined : true],
  ];
  return renderHcl([
    ["ui", true],
    ["cluster_name", props.clusterName],
    // Raft maps its files into memory, which must not be locked. Swap must be off on the nodes.
    ["disable_mlock", true],
    ...(props.extra ?? []),
    {
      type: "listener",
      label: "tcp",
      body: [["address", listen.api], ["cluster_address", listen.cluster], ...tls],
    },
    // Prometheus has no Vault token, so this listener serves metrics without one. The network policy restricts access
    // to it.
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
        // Value that HashiCorp recommends for production: a lost leader is replaced in seconds.
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
