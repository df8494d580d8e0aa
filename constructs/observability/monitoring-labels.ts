/**
 * Labels by which a Prometheus of the chart kube-prometheus-stack finds monitors and rules, if its release has the
 * chart's name.
 * @see https://github.com/prometheus-community/helm-charts/tree/main/charts/kube-prometheus-stack
 */
export const MONITORING_LABELS: Readonly<Record<string, string>> = { release: "kube-prometheus-stack" };

/** API group of the Prometheus operator's CRDs. */
export const MONITORING_GROUP = "monitoring.coreos.com";
