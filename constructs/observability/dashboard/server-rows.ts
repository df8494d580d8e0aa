import type { VaultSeries } from "../vault-series";
import type { WatchedVault } from "../watched-vault";
import { type Row, WINDOW } from "./panel";

/** Row with the servers, their leader and the fault tolerance. */
export function serverRow({ series, replicas, tolerance }: WatchedVault): Row {
  const least = (count: number) => [{ color: "red" as const }, { color: "green" as const, from: count }];
  return {
    title: "Servers",
    panels: [
      {
        kind: "stat",
        title: "Servers scraped",
        description: `Of ${replicas}.`,
        unit: "short",
        queries: [{ expr: `sum(${series.of("up")}) or vector(0)`, legend: "servers" }],
        steps: least(replicas),
      },
      {
        kind: "stat",
        title: "Unsealed",
        description: `Of ${replicas}. A sealed server answers nobody.`,
        unit: "short",
        queries: [{ expr: `sum(${series.of("vault_core_unsealed")}) or vector(0)`, legend: "servers" }],
        steps: least(replicas),
      },
      {
        kind: "stat",
        title: "Leader",
        description: "One. Without a leader nothing is answered.",
        unit: "short",
        queries: [{ expr: `${series.of("vault_core_active")} == 1`, legend: "{{pod}}" }],
        steps: least(1),
      },
      {
        kind: "stat",
        title: "Losses survived",
        description: "Servers that may still be lost. At 0, the next loss stops Vault.",
        unit: "short",
        queries: [{ expr: series.ofLeader("vault_autopilot_failure_tolerance"), legend: "servers" }],
        steps: least(tolerance),
      },
      {
        kind: "stat",
        title: "Autopilot content",
        description: "Whether all servers are in touch with the leader and keep up with it.",
        unit: "bool_yes_no",
        queries: [{ expr: series.ofLeader("vault_autopilot_healthy"), legend: "cluster" }],
        steps: least(1),
      },
      {
        kind: "timeseries",
        title: "Who leads",
        description: "A line at 1 is the leader. Elections follow losses and take seconds.",
        unit: "short",
        queries: [{ expr: series.of("vault_core_active"), legend: "{{pod}}" }],
      },
      {
        kind: "timeseries",
        title: "Healthy peers",
        description: "What the leader thinks of each server: 1 is healthy.",
        unit: "short",
        queries: [{ expr: series.ofLeader("vault_autopilot_node_healthy"), legend: "{{node_id}}" }],
      },
      {
        kind: "timeseries",
        title: "Entries behind the leader",
        description: "Raft entries that a server has not applied yet. Near 0, but for moments.",
        unit: "short",
        queries: [
          {
            expr: `scalar(max(${series.of("vault_raft_storage_stats_applied_index")})) - ${series.of("vault_raft_storage_stats_applied_index")}`,
            legend: "{{pod}}",
          },
        ],
      },
    ],
  };
}

/** Row with the number of requests and their duration. */
export function requestRow(series: VaultSeries): Row {
  const rate = (metric: string, ...matchers: string[]) =>
    `rate(${series.of(metric, ...matchers)}[${WINDOW}])`;
  return {
    title: "Requests",
    panels: [
      {
        kind: "timeseries",
        title: "Requests handled",
        description: "By the active server; standbys forward to it.",
        unit: "reqps",
        queries: [
          { expr: `sum(${rate("vault_core_handle_request_count")})`, legend: "requests" },
          { expr: `sum(${rate("vault_core_handle_login_request_count")})`, legend: "logins" },
        ],
      },
      {
        kind: "timeseries",
        title: "Mean duration",
        description: "Milliseconds are usual; seconds mean that a disk, the seal or an audit device hangs.",
        unit: "ms",
        queries: ["request", "login_request"].map((kind) => ({
          expr: `sum(${rate(`vault_core_handle_${kind}_sum`)}) / sum(${rate(`vault_core_handle_${kind}_count`)})`,
          legend: kind.replace("_", " "),
        })),
      },
      {
        kind: "timeseries",
        title: "Requests in flight",
        description: "What a server has taken and not answered yet.",
        unit: "short",
        queries: [{ expr: series.of("vault_core_in_flight_requests"), legend: "{{pod}}" }],
      },
      {
        kind: "timeseries",
        title: "Answers by class",
        description:
          "4xx are denials and mistakes of clients, 5xx are Vault's own; probes of sealed servers among them.",
        unit: "reqps",
        queries: [{ expr: `sum by (type) (${rate("vault_core_response_status_code")})`, legend: "{{type}}" }],
      },
    ],
  };
}

/** Row with the audit log's duration, failures and volume. */
export function auditRow(series: VaultSeries): Row {
  const rate = (metric: string) => `rate(${series.of(metric)}[${WINDOW}])`;
  return {
    title: "Audit",
    panels: [
      {
        kind: "timeseries",
        title: "Mean time to record",
        description: "Each request waits for it twice. Less than a millisecond for a file.",
        unit: "ms",
        queries: ["request", "response"].map((kind) => ({
          expr: `${rate(`vault_audit_log_${kind}_sum`)} / ${rate(`vault_audit_log_${kind}_count`)}`,
          legend: `${kind} {{pod}}`,
        })),
      },
      {
        kind: "timeseries",
        title: "Failures",
        description: "0. A failed entry of all devices is a refused request; of one device, a lost entry.",
        unit: "short",
        queries: [
          {
            expr: `increase(${series.of("vault_audit_log_request_failure")}[${WINDOW}])`,
            legend: "requests {{pod}}",
          },
          {
            expr: `increase(${series.of("vault_audit_log_response_failure")}[${WINDOW}])`,
            legend: "responses {{pod}}",
          },
          {
            expr: `increase(${series.of("vault_audit_sink_failure")}[${WINDOW}])`,
            legend: "one device {{pod}}",
          },
        ],
      },
      {
        kind: "timeseries",
        title: "Audit volume free",
        description: "When it is full, the file device fails.",
        unit: "percentunit",
        queries: [{ expr: series.freeShare("audit"), legend: "{{persistentvolumeclaim}}" }],
      },
    ],
  };
}
