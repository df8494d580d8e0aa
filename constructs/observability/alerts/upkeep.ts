import { Duration } from "../../core/duration";
import type { WatchedVault } from "../watched-vault";
import type { Alert, Severity } from "./alert";

/** Name of the CronJob that `BackupCronJob` creates. */
export const BACKUP = "vault-backup";
/** Name of the CronJob that `RestoreDrill` creates. */
export const DRILL = "vault-restore-drill";

/** Alerts on recurring jobs and renewals that fail, and on missing exporters. */
export function upkeepAlerts(watched: WatchedVault): Alert[] {
  const { series, thresholds } = watched;
  return [
    {
      name: "VaultBackupOld",
      severity: "critical",
      expr: `time() - ${series.lastSuccess(BACKUP)} > ${thresholds.backupAge.toSeconds()}`,
      for: Duration.minutes(10),
      summary: "The last backup of Vault in {{ $labels.namespace }} is {{ $value | humanizeDuration }} old",
      description: "What was written since would be lost with the servers.",
    },
    {
      name: "VaultDrillOld",
      severity: "warning",
      expr: `time() - ${series.lastSuccess(DRILL)} > ${thresholds.drillAge.toSeconds()}`,
      for: Duration.hours(1),
      summary:
        "The last restore drill of Vault in {{ $labels.namespace }} is {{ $value | humanizeDuration }} ago",
      description: "Nobody knows whether the backups can be restored.",
    },
    {
      name: "VaultJobFailed",
      severity: "warning",
      expr: failedJobs(watched),
      summary: "Job {{ $labels.job_name }} in {{ $labels.namespace }} has failed",
      description: "Its pod is kept and says why. A later success of the same CronJob ends this alert.",
    },
    ...certificateAlerts(watched),
    {
      name: "VaultMonitoringBlind",
      severity: "warning",
      expr: missingExporters(watched),
      for: Duration.minutes(30),
      summary: "Prometheus has no {{ $labels.missing }}",
      description: `The exporter is not scraped, or what it would tell of in ${series.namespace} is not there. Alerts that need it stay silent.`,
    },
  ];
}

/** Failed jobs, except those of a CronJob that has succeeded since they started. */
function failedJobs({ series }: WatchedVault): string {
  const failed = series.ofNamespace("kube_job_failed", 'condition="true"');
  const start = series.ofNamespace("kube_job_status_start_time");
  const owner = series.ofNamespace("kube_job_owner", 'owner_kind="CronJob"');
  const success = `label_replace(${series.ofNamespace("kube_cronjob_status_last_successful_time")}, "owner_name", "$1", "cronjob", "(.+)")`;
  return (
    `max by (namespace, job_name) (${failed}) == 1 unless on (namespace, job_name) (` +
    `${start} * on (namespace, job_name) group_left (owner_name) ${owner}` +
    ` < on (namespace, owner_name) group_left () ${success})`
  );
}

function certificateAlerts({ series, thresholds, certificate }: WatchedVault): Alert[] {
  if (!certificate) return [];
  const severities: Severity[] = ["warning", "critical"];
  return severities.map((severity) => ({
    name: "VaultCertificateExpiring",
    severity,
    expr: `${series.certificateExpiry(certificate)} - time() < ${thresholds.certificateValidity[severity].toSeconds()}`,
    for: Duration.minutes(10),
    summary: `The certificate {{ $labels.name }} of Vault in ${series.namespace} is valid for {{ $value | humanizeDuration }} more`,
    description: "cert-manager should have renewed it. When it expires, nobody reaches Vault any more.",
  }));
}

function missingExporters({ series, certificate }: WatchedVault): string {
  const claims = `persistentvolumeclaim=~"(audit|data)-${series.release}-[0-9]+"`;
  const needed: [string, string][] = [
    ["volume statistics of the kubelet", series.ofNamespace("kubelet_volume_stats_available_bytes", claims)],
    [
      `CronJob ${BACKUP} of kube-state-metrics`,
      series.ofNamespace("kube_cronjob_created", `cronjob="${BACKUP}"`),
    ],
    [
      `CronJob ${DRILL} of kube-state-metrics`,
      series.ofNamespace("kube_cronjob_created", `cronjob="${DRILL}"`),
    ],
    ...(certificate
      ? [
          [`certificate ${certificate} of cert-manager`, series.certificateExpiry(certificate)] as [
            string,
            string,
          ],
        ]
      : []),
  ];
  return needed
    .map(([missing, expr]) => `label_replace(absent(${expr}), "missing", "${missing}", "", "")`)
    .join(" or ");
}
