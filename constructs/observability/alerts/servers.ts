import { Duration } from "../../core/duration";
import type { WatchedVault } from "../watched-vault";
import type { Alert } from "./alert";

/** Alerts on missing servers, a missing leader, and lost fault tolerance. */
export function serverAlerts({ series, replicas, tolerance, thresholds }: WatchedVault): Alert[] {
  const up = series.of("up");
  const unsealed = series.of("vault_core_unsealed");
  const active = series.of("vault_core_active");
  const by = "max by (namespace, pod)";
  return [
    {
      name: "VaultMetricsMissing",
      severity: "critical",
      expr: `(sum(${up}) or vector(0)) == 0`,
      for: Duration.minutes(5),
      summary: `Prometheus reads the metrics of none of Vault's servers in ${series.namespace}`,
      description:
        "Either all servers are down, or nobody would see it if they were: all other alerts of Vault are blind.",
    },
    {
      name: "VaultServerDown",
      severity: "warning",
      expr: `(sum(${up}) or vector(0)) < ${replicas}`,
      for: Duration.minutes(10),
      summary: `Prometheus reads {{ $value }} of ${replicas} servers of Vault in ${series.namespace}`,
      description: "The others are down, cannot be reached, or their certificate is not trusted.",
    },
    {
      name: "VaultSealed",
      severity: "critical",
      // A server that starts sealed reports it once, and Vault drops the metric after a day.
      expr: `${by} (${unsealed}) == 0 or ${by} (${up} == 1 unless on (pod) ${unsealed})`,
      for: Duration.minutes(2),
      summary: "Vault's server {{ $labels.pod }} is sealed",
      description: "It answers nobody. Auto-unseal has failed, or nobody has initialised Vault yet.",
    },
    {
      name: "VaultNoLeader",
      severity: "critical",
      expr: `max by (namespace) (${up}) == 1 unless max by (namespace) (${active}) == 1`,
      for: Duration.minutes(1),
      summary: "No server of Vault in {{ $labels.namespace }} leads",
      description: "Nothing is answered, neither reads nor writes: most of the servers are lost or sealed.",
    },
    {
      name: "VaultAutopilotUnhealthy",
      severity: "warning",
      expr: `${series.ofLeader("vault_autopilot_healthy")} == 0`,
      for: Duration.minutes(5),
      summary: "Raft's autopilot calls the cluster of {{ $labels.pod }} unhealthy",
      description: "A server has lost contact with the leader or lags behind it.",
    },
    // A single server never tolerates a loss.
    ...(tolerance > 0
      ? [
          {
            name: "VaultRaftPeersMissing",
            severity: "critical" as const,
            expr: `${series.ofLeader("vault_autopilot_failure_tolerance")} < ${tolerance}`,
            for: Duration.minutes(10),
            summary: `Vault in ${series.namespace} survives the loss of {{ $value }} further servers, not of ${tolerance}`,
            description: `Fewer than ${replicas} healthy voters are in the Raft cluster. At 0, the next loss stops Vault.`,
          },
        ]
      : []),
    {
      name: "VaultRequestsStuck",
      severity: "critical",
      expr:
        `min by (namespace, pod) (min_over_time(${series.of("vault_core_in_flight_requests")}[5m])) >= ${thresholds.waitingRequests}` +
        ` and on (namespace, pod) sum by (namespace, pod) (rate(${series.of("vault_core_handle_request_count")}[5m])) == 0`,
      summary: "{{ $value }} requests wait in {{ $labels.pod }}, and none was finished for 5 minutes",
      description: "The server takes requests and answers none: its disk, its seal or an audit device hangs.",
    },
  ];
}
