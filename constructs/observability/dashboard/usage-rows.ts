import { BACKUP, DRILL } from "../alerts/upkeep";
import type { VaultSeries } from "../vault-series";
import type { WatchedVault } from "../watched-vault";
import { type Row, WINDOW } from "./panel";

/** Row with the leases and tokens that accumulate in Vault. */
export function usageRow(series: VaultSeries): Row {
  return {
    title: "Leases and tokens",
    panels: [
      {
        kind: "timeseries",
        title: "Leases",
        description:
          "Credentials and tokens that Vault will end. A steady climb means that somebody does not keep them.",
        unit: "short",
        queries: [
          { expr: series.ofLeader("vault_expire_num_leases"), legend: "leases" },
          { expr: series.ofLeader("vault_expire_num_irrevocable_leases"), legend: "given up" },
        ],
      },
      {
        kind: "timeseries",
        title: "Service tokens by login",
        description: "Counted every ten minutes.",
        unit: "short",
        queries: [
          {
            expr: `sum by (auth_method) (${series.ofLeader("vault_token_count_by_auth")})`,
            legend: "{{auth_method}}",
          },
        ],
      },
      {
        kind: "timeseries",
        title: "Root tokens made",
        description:
          "Since the server started or in the last day, without being told of their end. A step is somebody who broke the glass.",
        unit: "short",
        queries: [{ expr: series.of("vault_token_create_root"), legend: "{{pod}}" }],
      },
    ],
  };
}

/** Row with the servers' data volumes and writes. */
export function storageRow(series: VaultSeries): Row {
  const rate = (metric: string) => `rate(${series.of(metric)}[${WINDOW}])`;
  return {
    title: "Storage",
    panels: [
      {
        kind: "timeseries",
        title: "Data volume free",
        description: "When it is full, the server cannot write and leaves the cluster.",
        unit: "percentunit",
        queries: [{ expr: series.freeShare("data"), legend: "{{persistentvolumeclaim}}" }],
      },
      {
        kind: "timeseries",
        title: "Mean time to commit",
        description: "Until most of the servers have an entry. Slow disks and networks show here first.",
        unit: "ms",
        queries: [
          {
            expr: `${rate("vault_raft_commitTime_sum")} / ${rate("vault_raft_commitTime_count")}`,
            legend: "{{pod}}",
          },
        ],
      },
      {
        kind: "timeseries",
        title: "Writes",
        description: "Entries that the leader writes.",
        unit: "reqps",
        queries: [{ expr: rate("vault_raft_apply"), legend: "{{pod}}" }],
      },
    ],
  };
}

/** Row with recurring jobs and the certificate. */
export function upkeepRow({ series, thresholds, certificate }: WatchedVault): Row {
  return {
    title: "Upkeep",
    panels: [
      ...[
        { title: "Last backup", cronJob: BACKUP, age: thresholds.backupAge },
        { title: "Last restore drill", cronJob: DRILL, age: thresholds.drillAge },
      ].map(({ title, cronJob, age }) => ({
        kind: "stat" as const,
        title,
        description: `Time since CronJob ${cronJob} last succeeded.`,
        unit: "s" as const,
        queries: [{ expr: `time() - ${series.lastSuccess(cronJob)}`, legend: "ago" }],
        steps: [{ color: "green" as const }, { color: "red" as const, from: age.toSeconds() }],
      })),
      {
        kind: "stat",
        title: "Failed jobs",
        description: "Those that are kept; they say why.",
        unit: "short",
        queries: [
          {
            expr: `sum(${series.ofNamespace("kube_job_failed", 'condition="true"')}) or vector(0)`,
            legend: "jobs",
          },
        ],
        steps: [{ color: "green" }, { color: "orange", from: 1 }],
      },
      ...(certificate
        ? [
            {
              kind: "stat" as const,
              title: "Certificate valid for",
              description: "Renewed when 30 days are left.",
              unit: "s" as const,
              queries: [{ expr: `${series.certificateExpiry(certificate)} - time()`, legend: "left" }],
              steps: [
                { color: "red" as const },
                { color: "orange" as const, from: thresholds.certificateValidity.critical.toSeconds() },
                { color: "green" as const, from: thresholds.certificateValidity.warning.toSeconds() },
              ],
            },
          ]
        : []),
    ],
  };
}

/** Row with the servers' memory, CPU and goroutines. */
export function processRow(series: VaultSeries): Row {
  return {
    title: "Processes",
    panels: [
      {
        kind: "timeseries",
        title: "Memory",
        description: "Of Vault's process; Kubernetes ends it at the limit of its container.",
        unit: "bytes",
        queries: [{ expr: series.of("process_resident_memory_bytes"), legend: "{{pod}}" }],
      },
      {
        kind: "timeseries",
        title: "CPU",
        description: "Cores in use.",
        unit: "short",
        queries: [{ expr: `rate(${series.of("process_cpu_seconds_total")}[${WINDOW}])`, legend: "{{pod}}" }],
      },
      {
        kind: "timeseries",
        title: "Goroutines",
        description: "A climb without end means that requests hang.",
        unit: "short",
        queries: [{ expr: series.of("vault_runtime_num_goroutines"), legend: "{{pod}}" }],
      },
    ],
  };
}
