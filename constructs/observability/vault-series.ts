import type { Construct } from "constructs";
import type { IVault } from "../server/vault";
import { releaseOf } from "../server/vault-servers";

/**
 * PromQL selectors for the time series of one Vault.
 *
 * Some metrics are only updated by the active server. A former active server continues to report its last value for the
 * duration of `prometheus_retention_time`. `ofLeader` excludes such values.
 * @throws ValidationError for a Vault with an address that is not that of a Service
 */
export class VaultSeries {
  /** Namespace of Vault. */
  readonly namespace: string;
  /** Name of Vault's Helm release, and prefix of the names of pods and volumes. The PodMonitor has the same name. */
  readonly release: string;
  /** Label `job` of Vault's metrics, which the Prometheus operator sets for the targets of a PodMonitor. */
  readonly job: string;

  constructor(scope: Construct, vault: IVault) {
    this.namespace = vault.namespace;
    this.release = releaseOf(scope, vault);
    this.job = `${this.namespace}/${this.release}`;
  }

  /**
   * A metric of Vault, for every server.
   * @param matchers further label matchers, such as `type="5xx"`
   */
  of(metric: string, ...matchers: string[]): string {
    return `${metric}{${[`job="${this.job}"`, ...matchers].join(",")}}`;
  }

  /**
   * A metric that only the active server updates.
   * @param offset age of the value, such as `1d`
   */
  ofLeader(metric: string, offset?: string): string {
    const ago = offset ? ` offset ${offset}` : "";
    return `(${this.of(metric)}${ago} and on (pod) ${this.of("vault_core_active")}${ago} == 1)`;
  }

  /** A metric that other exporters report for Vault's namespace. */
  ofNamespace(metric: string, ...matchers: string[]): string {
    return `${metric}{${[`namespace="${this.namespace}"`, ...matchers].join(",")}}`;
  }

  /** Used bytes of the servers' volumes, by claim. */
  usedBytes(volume: "audit" | "data"): string {
    const claim = `persistentvolumeclaim=~"${volume}-${this.release}-[0-9]+"`;
    return `max by (namespace, persistentvolumeclaim) (${this.ofNamespace("kubelet_volume_stats_used_bytes", claim)})`;
  }

  /** Free share of the servers' volumes, 0 to 1, by claim. */
  freeShare(volume: "audit" | "data"): string {
    const claim = `persistentvolumeclaim=~"${volume}-${this.release}-[0-9]+"`;
    const by = "max by (namespace, persistentvolumeclaim)";
    const available = this.ofNamespace("kubelet_volume_stats_available_bytes", claim);
    const capacity = this.ofNamespace("kubelet_volume_stats_capacity_bytes", claim);
    return `${by} (${available}) / ${by} (${capacity})`;
  }

  /** Time of a CronJob's last success, or of its creation if it never succeeded. Seconds since 1970. */
  lastSuccess(cronJob: string): string {
    const name = `cronjob="${cronJob}"`;
    const success = this.ofNamespace("kube_cronjob_status_last_successful_time", name);
    const creation = this.ofNamespace("kube_cronjob_created", name);
    return `(max by (namespace, cronjob) (${success}) or max by (namespace, cronjob) (${creation}))`;
  }

  /**
   * Expiry of cert-manager's certificate, in seconds since 1970. If Prometheus does not honour the labels of
   * cert-manager, the certificate's namespace is in the label exported_namespace.
   */
  certificateExpiry(name: string): string {
    const metric = "certmanager_certificate_expiration_timestamp_seconds";
    const of = (label: string) => `${metric}{name="${name}",${label}="${this.namespace}"}`;
    return `min by (name) (${of("namespace")} or ${of("exported_namespace")})`;
  }
}
