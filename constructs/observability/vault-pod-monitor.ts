import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { tls as TLS, vault as VAULT } from "../server/fields";
import type { Tls } from "../server/tls";
import type { IVault } from "../server/vault";
import { type CrdDeclaration, CustomResources } from "../core/custom-resources";
import { Duration } from "../core/duration";
import { checkProps, object, text } from "../core/field";
import { crds, duration, pairs } from "../core/fields";
import { received } from "../core/received";
import { ValidationError } from "../core/validation-error";
import { MONITORING_GROUP, MONITORING_LABELS } from "./monitoring-labels";
import { VaultSeries } from "./vault-series";

/** Properties of VaultPodMonitor. */
export interface VaultPodMonitorProps {
  /** Vault that is scraped. */
  readonly vault: IVault;
  /** Source of the server certificates, and whether the servers require client certificates. */
  readonly tls: Tls;
  /** CRDs that exist; those of monitoring.coreos.com are required. @default - none: the monitor is rejected */
  readonly crds?: CrdDeclaration;
  /**
   * Labels by which Prometheus finds the monitor.
   * @default - release: kube-prometheus-stack, which a release of that name selects
   */
  readonly labels?: Readonly<Record<string, string>>;
  /** Time between two scrapes, 10 seconds to 2 minutes. @default 30s - alerts evaluate windows of 5 minutes and more */
  readonly interval?: Duration;
  /**
   * Secret of Vault's namespace with `tls.crt` and `tls.key`, which Prometheus presents. Required if Vault requires
   * client certificates (`mutual`). Do not use the servers' certificate: Prometheus must not have its key.
   * @default - none
   */
  readonly clientCertificateSecret?: string;
}

const PROPS = object<VaultPodMonitorProps>(() => ({
  vault: VAULT,
  tls: TLS,
  crds: crds.optional(),
  labels: pairs.optional(),
  interval: duration.optional(),
  clientCertificateSecret: text.optional(),
}));

/**
 * Lets Prometheus scrape every server of Vault, including standby and sealed servers. It scrapes the metrics listener
 * over TLS, verified with the CA's ConfigMap. No token is needed, because that listener requires none.
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMonitor
 * @throws ValidationError if `crds` does not declare the CRD, for an interval out of range, for mutual TLS without a
 * client certificate, and for a Vault with an address that is not that of a Service
 */
export class VaultPodMonitor extends LibraryConstruct {
  /** Custom resources: the PodMonitor. */
  readonly resources: CustomResources;
  /** Label `job` of the scraped series. */
  readonly job: string;

  constructor(scope: Construct, id: string, props: VaultPodMonitorProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { vault, tls, interval = Duration.seconds(30), clientCertificateSecret: secret } = props;
    const seconds = interval.toSeconds();
    if (seconds < 10 || seconds > 120) {
      throw new ValidationError(
        this,
        `interval must be 10s to 2m, because alerts need a few samples in 5 minutes, got ${received(interval)}`,
      );
    }
    if (tls.mutual && !secret) {
      throw new ValidationError(
        this,
        "clientCertificateSecret must be a Secret with tls.crt and tls.key, because Vault asks its clients for a certificate (mutual), got none",
      );
    }
    const { namespace, release, job } = new VaultSeries(this, vault);
    this.job = job;
    this.resources = new CustomResources(this, "Resource", {
      namespace,
      releaseName: `${release}-pod-monitor`,
      crds: props.crds,
      resources: [
        {
          apiVersion: `${MONITORING_GROUP}/v1`,
          kind: "PodMonitor",
          metadata: { name: release, namespace, labels: props.labels ?? MONITORING_LABELS },
          spec: {
            selector: {
              matchLabels: {
                "app.kubernetes.io/name": "vault",
                "app.kubernetes.io/instance": release,
                component: "server",
              },
            },
            podMetricsEndpoints: [
              {
                port: "metrics",
                scheme: "https",
                path: "/v1/sys/metrics",
                params: { format: ["prometheus"] },
                interval: `${seconds}s`,
                scrapeTimeout: "10s",
                // The target of a redirect would be counted as this server.
                followRedirects: false,
                tlsConfig: {
                  // Prometheus connects by address; the certificate contains names only.
                  serverName: `${release}.${namespace}.svc`,
                  ca: { configMap: { name: vault.caBundle.configMapName, key: vault.caBundle.key } },
                  ...(secret && {
                    cert: { secret: { name: secret, key: "tls.crt" } },
                    keySecret: { name: secret, key: "tls.key" },
                  }),
                },
              },
            ],
          },
        },
      ],
    });
  }
}
