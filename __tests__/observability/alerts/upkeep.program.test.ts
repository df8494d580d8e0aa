import "reflect-metadata";
import { BACKUP, DRILL } from "../../../constructs/observability/alerts/upkeep";
import { Tls } from "../../../constructs/server/tls";
import { describeAlerts, vaultAlerts } from "../support/alert-cases";

const cronJob = (name: string) => `namespace="vault",cronjob="${name}"`;
const lastSuccess = (name: string) => `kube_cronjob_status_last_successful_time{${cronJob(name)}}`;
const created = (name: string) => `kube_cronjob_created{${cronJob(name)}}`;

/** Failed job of the backup that began `start` seconds after the first sample. */
const failedJob = (name: string, start: number) => ({
  [`kube_job_failed{namespace="vault",job_name="${name}",condition="true"}`]: "1x90",
  [`kube_job_status_start_time{namespace="vault",job_name="${name}"}`]: `${start}x90`,
  [`kube_job_owner{namespace="vault",job_name="${name}",owner_kind="CronJob",owner_name="${BACKUP}",owner_is_controller="true"}`]:
    "1x90",
});

const expiry = (namespace: string) =>
  `certmanager_certificate_expiration_timestamp_seconds{name="vault-tls",${namespace}="vault"}`;

const DAY = 86_400;
const EXPORTERS = {
  'kubelet_volume_stats_available_bytes{namespace="vault",persistentvolumeclaim="data-vault-0"}': "9x90",
  [created(BACKUP)]: "0x90",
  [created(DRILL)]: "0x90",
  [expiry("namespace")]: "9x90",
};
const without = (metric: string) =>
  Object.fromEntries(Object.entries(EXPORTERS).filter(([series]) => series !== metric));

describeAlerts("upkeep", {
  "VaultBackupOld critical": {
    "fires when the last success is more than 26 hours ago": {
      interval: "1h",
      series: { [created(BACKUP)]: "0x90", [lastSuccess(BACKUP)]: "7200x90" },
      at: "30h",
      fires: [{ labels: { cronjob: BACKUP }, value: "1d 4h 0m 0s" }],
    },
    "fires when a CronJob of more than 26 hours never succeeded": {
      interval: "1h",
      series: { [created(BACKUP)]: "0x90" },
      at: "30h",
      fires: [{ labels: { cronjob: BACKUP }, value: "1d 6h 0m 0s" }],
    },
    "is silent when the last success is a day ago": {
      interval: "1h",
      series: { [created(BACKUP)]: "0x90", [lastSuccess(BACKUP)]: "21600x90" },
      at: "30h",
    },
    "is silent while a new CronJob has had no time": {
      interval: "1h",
      series: { [created(BACKUP)]: "43200x90" },
      at: "30h",
    },
    "is silent about other CronJobs": {
      interval: "1h",
      series: { [lastSuccess("another")]: "0x90" },
      at: "30h",
    },
  },
  "VaultDrillOld warning": {
    "fires when the last success is more than 8 days ago": {
      interval: "6h",
      series: { [lastSuccess(DRILL)]: "0x90" },
      at: "10d",
      fires: [{ labels: { cronjob: DRILL }, value: "10d 0h 0m 0s" }],
    },
    "is silent after a week": { interval: "6h", series: { [lastSuccess(DRILL)]: "259200x90" }, at: "10d" },
  },
  "VaultJobFailed warning": {
    "fires for a job that failed": {
      series: failedJob("vault-backup-2", 600),
      at: "60m",
      fires: [{ labels: { job_name: "vault-backup-2" } }],
    },
    "fires for a job of no CronJob": {
      series: { 'kube_job_failed{namespace="vault",job_name="vault-rollout-abc",condition="true"}': "1x90" },
      at: "60m",
      fires: [{ labels: { job_name: "vault-rollout-abc" } }],
    },
    "fires when the CronJob had succeeded before": {
      series: { ...failedJob("vault-backup-2", 600), [lastSuccess(BACKUP)]: "500x90" },
      at: "60m",
      fires: [{ labels: { job_name: "vault-backup-2" } }],
    },
    "is silent when the CronJob has succeeded since": {
      series: {
        ...failedJob("vault-backup-1", 600),
        ...failedJob("vault-backup-2", 700),
        [lastSuccess(BACKUP)]: "1000x90",
        [lastSuccess(DRILL)]: "0x90",
      },
      at: "60m",
    },
    "is silent about a job that did not fail": {
      series: { 'kube_job_failed{namespace="vault",job_name="vault-backup-3",condition="false"}': "1x90" },
      at: "60m",
    },
    "is silent about other namespaces": {
      series: {
        'kube_job_failed{namespace="production",job_name="vault-backup-3",condition="true"}': "1x90",
      },
      at: "60m",
    },
  },
  "VaultCertificateExpiring warning": {
    "fires when less than 21 days are left": {
      interval: "1h",
      series: { [expiry("namespace")]: `${22 * DAY}x90` },
      at: "2d",
      fires: [{ labels: { name: "vault-tls" }, value: "20d 0h 0m 0s" }],
    },
    "fires when Prometheus has renamed the namespace": {
      interval: "1h",
      series: { [expiry("exported_namespace")]: `${22 * DAY}x90` },
      at: "2d",
      fires: [{ labels: { name: "vault-tls" }, value: "20d 0h 0m 0s" }],
    },
    "is silent when more are left": {
      interval: "1h",
      series: { [expiry("namespace")]: `${24 * DAY}x90` },
      at: "2d",
    },
    "is silent about another namespace's certificate of that name": {
      interval: "1h",
      series: {
        'certmanager_certificate_expiration_timestamp_seconds{name="vault-tls",namespace="other"}': "0x90",
      },
      at: "2d",
    },
  },
  "VaultCertificateExpiring critical": {
    "fires when less than 7 days are left": {
      interval: "1h",
      series: { [expiry("namespace")]: `${8 * DAY}x90` },
      at: "2d",
      fires: [{ labels: { name: "vault-tls" }, value: "6d 0h 0m 0s" }],
    },
    "is silent when more are left": {
      interval: "1h",
      series: { [expiry("namespace")]: `${10 * DAY}x90` },
      at: "2d",
    },
  },
  "VaultMonitoringBlind warning": {
    "fires for each exporter that is not scraped": {
      series: { "up{}": "1x90" },
      at: "60m",
      fires: [
        "volume statistics of the kubelet",
        `CronJob ${BACKUP} of kube-state-metrics`,
        `CronJob ${DRILL} of kube-state-metrics`,
        "certificate vault-tls of cert-manager",
      ].map((missing) => ({
        labels: { missing, ...(missing.startsWith("CronJob") && { cronjob: missing.split(" ")[1] }) },
      })),
    },
    "fires for a CronJob that is not there": {
      series: without(created(DRILL)),
      at: "60m",
      fires: [{ labels: { missing: `CronJob ${DRILL} of kube-state-metrics`, cronjob: DRILL } }],
    },
    "is silent when all of them are scraped": { series: EXPORTERS, at: "60m" },
  },
});

test("does not watch a certificate that cert-manager does not issue", () => {
  const tls = Tls.existingSecret({ secretName: "vault-own-tls", dnsNames: [], ipAddresses: [] });
  const upkeep = vaultAlerts({ tls }).groups.find(({ name }) => name.endsWith("-upkeep"))!;
  expect(JSON.stringify(upkeep)).not.toContain("certmanager");
  expect(upkeep.rules.map(({ alert }) => alert)).not.toContain("VaultCertificateExpiring");
});
