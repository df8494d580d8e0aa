/**
 * Metrics that Vault does not export, with their exporters. Without these exporters some alerts cannot fire;
 * `VaultMonitoringBlind` reports that.
 * @see https://github.com/kubernetes/kube-state-metrics/tree/main/docs/metrics/workload
 * @see https://kubernetes.io/docs/reference/instrumentation/metrics/
 * @see https://cert-manager.io/docs/devops-tips/prometheus-metrics/
 */
export const FOREIGN_METRICS: Readonly<Record<string, string>> = {
  up: "Prometheus",
  kubelet_volume_stats_available_bytes: "kubelet",
  kubelet_volume_stats_capacity_bytes: "kubelet",
  kubelet_volume_stats_used_bytes: "kubelet",
  kube_cronjob_created: "kube-state-metrics",
  kube_cronjob_status_last_successful_time: "kube-state-metrics",
  kube_job_failed: "kube-state-metrics",
  kube_job_owner: "kube-state-metrics",
  kube_job_status_start_time: "kube-state-metrics",
  certmanager_certificate_expiration_timestamp_seconds: "cert-manager",
};
