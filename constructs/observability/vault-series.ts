import type { Construct } from "constructs";
import type { IVault } from "../server/vault";
import { releaseOf } from "../server/vault-servers";

/**
 * Time series of one Vault, as PromQL selects them.
 *
 * What only the active server measures, a former one keeps showing at its last value for as long as
 * `prometheus_retention_time` says. `ofLeader` leaves that out.
 * @throws ValidationError for a Vault whose address is not that of a Service
 */
export class VaultSeries {
  readonly namespace: string;
  /** Name of Vault's Helm release, which pods, volumes and the PodMonitor are named after. */
  readonly release: string;
  /** Label `job` of Vault's own metrics: what the Prometheus operator calls a PodMonitor's targets. */
  readonly job: string;

  constructor(scope: Construct, vault: IVault) {
    this.namespace = vault.namespace;
    this.release = releaseOf(scope, vault);
    this.job = `${this.namespace}/${this.release}`;
  }

  /**
   * Vault's own metric, of every server.
   * @param matchers further ones, such as `type="5xx"`
   */
  of(metric: string, ...matchers: string[]): string {
    return `${metric}{${[`job="${this.job}"`, ...matchers].join(",")}}`;
  }

  /**
   * A metric that the active server alone keeps up to date.
   * @param offset how long ago, such as `1d`
   */
  ofLeader(metric: string, offset?: string): string {
    const ago = offset ? ` offset ${offset}` : "";
    return `(${this.of(metric)}${ago} and on (pod) ${this.of("vault_core_active")}${ago} == 1)`;
  }

  /** What other exporters say of Vault's namespace. */
  ofNamespace(metric: string, ...matchers: string[]): string {
    return `${metric}{${[`namespace="${this.namespace}"`, ...matchers].join(",")}}`;
  }

  /** Bytes that a volume of the servers holds, by claim. */
  usedBytes(volume: "audit" | "data"): string {
    const claim = `persistentvolumeclaim=~"${volume}-${this.release}-[0-9]+"`;
    return `max by (namespace, persistentvolumeclaim) (${this.ofNamespace("kubelet_volume_stats_used_bytes", claim)})`;
  }

  /** Share of a volume of the servers that is free, 0 to 1, by claim. */
  freeShare(volume: "audit" | "data"): string {
    const claim = `persistentvolumeclaim=~"${volume}-${this.release}-[0-9]+"`;
    const by = "max by (namespace, persistentvolumeclaim)";
    const available = this.ofNamespace("kubelet_volume_stats_available_bytes", claim);
    const capacity = this.ofNamespace("kubelet_volume_stats_capacity_bytes", claim);
    return `${by} (${available}) / ${by} (${capacity})`;
  }

  /** When a CronJob last succeeded; when it was made, if it never did. Seconds since 1970. */
  lastSuccess(cronJob: string): string {
    const name = `cronjob="${cronJob}"`;
    const success = this.ofNamespace("kube_cronjob_status_last_successful_time", name);
    const creation = this.ofNamespace("kube_cronjob_created", name);
    return `(max by (namespace, cronjob) (${success}) or max by (namespace, cronjob) (${creation}))`;
  }

  /**
   * When cert-manager's certificate expires, in seconds since 1970. Where Prometheus does not honour the labels of
   * cert-manager, it has renamed the certificate's namespace.
   */
  certificateExpiry(name: string): string {
    const metric = "certmanager_certificate_expiration_timestamp_seconds";
    const of = (label: string) => `${metric}{name="${name}",${label}="${this.namespace}"}`;
    return `min by (name) (${of("namespace")} or ${of("exported_namespace")})`;
  }
}
