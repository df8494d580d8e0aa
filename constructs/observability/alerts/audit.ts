import { Duration } from "../../core/duration";
import type { WatchedVault } from "../watched-vault";
import type { Alert } from "./alert";
import { freeVolumeAlerts } from "./volumes";

/** Alerts on the audit log: Vault rejects requests that it cannot record. */
export function auditAlerts({ series, thresholds }: WatchedVault): Alert[] {
  const failures = (metric: string) => `increase(${series.of(metric)}[10m]) > 0`;
  const deviceFailures = series.of("vault_audit_sink_failure");
  const rate = (metric: string) => `rate(${series.of(metric)}[5m])`;
  return [
    {
      name: "VaultAuditFailure",
      severity: "critical",
      expr: `${failures("vault_audit_log_request_failure")} or ${failures("vault_audit_log_response_failure")}`,
      summary: "{{ $labels.pod }} refuses requests, because no audit device can record them",
      description: "Clients get status 500 for whatever cannot be recorded, which may be everything.",
    },
    {
      name: "VaultAuditDeviceFailure",
      severity: "warning",
      // The counter does not exist before the first failure.
      expr: `increase(${deviceFailures}[10m]) > 0 or (${deviceFailures} > 0 unless on (pod) ${deviceFailures} offset 10m)`,
      summary: "An audit device of {{ $labels.pod }} fails to record entries",
      description: "Its entries are lost. When the other device fails too, Vault stops answering.",
    },
    {
      name: "VaultAuditStall",
      severity: "critical",
      // In milliseconds.
      expr:
        `${rate("vault_audit_log_request_sum")} / ${rate("vault_audit_log_request_count")}` +
        ` > ${thresholds.auditTime.toSeconds() * 1000}`,
      for: Duration.minutes(2),
      summary: '{{ $labels.pod }} waits {{ $value | printf "%.0f" }} ms for an audit device at each request',
      description:
        "A device hangs, such as a socket that nobody reads. All requests wait for it, up to 5 seconds each.",
    },
    {
      name: "VaultAuditShippingBehind",
      severity: "warning",
      expr: `${series.usedBytes("audit")} > ${thresholds.auditBacklog.toMebibytes() * 2 ** 20}`,
      for: Duration.minutes(10),
      summary:
        "{{ $value | humanize1024 }}B of Vault's audit log wait on {{ $labels.persistentvolumeclaim }}",
      description:
        "The SIEM does not take it, or not as fast as it is written. Nothing is lost until the volume is full.",
    },
    ...freeVolumeAlerts(series, thresholds, {
      name: "VaultAuditVolumeFilling",
      volume: "audit",
      consequence: "When it is full, the file device fails, and without another one Vault stops answering.",
    }),
  ];
}
