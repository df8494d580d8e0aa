import "reflect-metadata";
import { POD_0, POD_1, describeAlerts } from "../support/alert-cases";

const REQUEST_FAILURES = `vault_audit_log_request_failure{${POD_0}}`;
const RESPONSE_FAILURES = `vault_audit_log_response_failure{${POD_0}}`;
const DEVICE_FAILURES = `vault_audit_sink_failure{${POD_0}}`;
const AT_POD_0 = { job: "vault/vault", pod: "vault-0" };

const volume = (free: string) => {
  const labels = 'namespace="vault",persistentvolumeclaim="audit-vault-0"';
  return {
    [`kubelet_volume_stats_available_bytes{${labels}}`]: free,
    [`kubelet_volume_stats_capacity_bytes{${labels}}`]: "1000x60",
  };
};
/** Used bytes of an audit volume. */
const used = (bytes: string) => ({
  'kubelet_volume_stats_used_bytes{namespace="vault",persistentvolumeclaim="audit-vault-0"}': bytes,
  'kubelet_volume_stats_used_bytes{namespace="vault",persistentvolumeclaim="data-vault-0"}': "9000000000x60",
});
const fullVolume = (value: string) => ({ labels: { persistentvolumeclaim: "audit-vault-0" }, value });

describeAlerts("audit", {
  "VaultAuditFailure critical": {
    "fires when requests cannot be recorded": {
      series: { [REQUEST_FAILURES]: "0x5 1x60", [RESPONSE_FAILURES]: "0x60" },
      at: "7m",
      fires: [{ labels: AT_POD_0 }],
    },
    "fires when responses cannot be recorded": {
      series: { [REQUEST_FAILURES]: "0x60", [RESPONSE_FAILURES]: "0x5 2x60" },
      at: "7m",
      fires: [{ labels: AT_POD_0 }],
    },
    "fires once for both": {
      series: { [REQUEST_FAILURES]: "0x5 1x60", [RESPONSE_FAILURES]: "0x5 2x60" },
      at: "7m",
      fires: [{ labels: AT_POD_0 }],
    },
    "is silent while all is recorded": {
      series: { [REQUEST_FAILURES]: "0x60", [RESPONSE_FAILURES]: "0x60" },
      at: "20m",
    },
    "is silent about failures that are over": { series: { [REQUEST_FAILURES]: "0x5 7x60" }, at: "30m" },
  },
  "VaultAuditDeviceFailure warning": {
    "fires at the first failure, with which the counter appears": {
      series: { [DEVICE_FAILURES]: "_x20 2x60" },
      at: "22m",
      fires: [{ labels: AT_POD_0 }],
    },
    "fires when failures go on": {
      series: { [DEVICE_FAILURES]: "2+3x60" },
      at: "40m",
      fires: [{ labels: AT_POD_0 }],
    },
    "is silent while no device has ever failed": {
      series: { [`vault_audit_sink_success{${POD_0}}`]: "0+9x60" },
      at: "40m",
    },
    "is silent about failures that are over": { series: { [DEVICE_FAILURES]: "7x60" }, at: "40m" },
  },
  "VaultAuditStall critical": {
    "fires when entries take seconds": {
      series: {
        [`vault_audit_log_request_sum{${POD_0}}`]: "0+20000x60",
        [`vault_audit_log_request_count{${POD_0}}`]: "0+4x60",
      },
      at: "10m",
      fires: [{ labels: AT_POD_0, value: "5000" }],
    },
    "is silent when many entries take no time": {
      series: {
        [`vault_audit_log_request_sum{${POD_0}}`]: "0+20000x60",
        [`vault_audit_log_request_count{${POD_0}}`]: "0+90000x60",
      },
      at: "10m",
    },
    "is silent when nothing is asked": {
      series: {
        [`vault_audit_log_request_sum{${POD_1}}`]: "70000x60",
        [`vault_audit_log_request_count{${POD_1}}`]: "7x60",
      },
      at: "10m",
    },
  },
  "VaultAuditShippingBehind warning": {
    "fires when more waits than a sink that takes it leaves": {
      series: used("268435456x5 536870913x60"),
      at: "16m",
      fires: [{ labels: { persistentvolumeclaim: "audit-vault-0" }, value: "512Mi" }],
    },
    "is silent while no more waits than a file that is written and one that was sent": {
      series: used("536870912x60"),
      at: "40m",
    },
    "is silent about a peak that is over": {
      series: used("268435456x5 900000000x5 268435456x60"),
      at: "40m",
    },
  },
  "VaultAuditVolumeFilling warning": {
    // 10 GiB at 1,500 requests per second: 144 MB, or 1.4 %, per minute.
    "fires a quarter of an hour before a server that is asked without end has filled the volume": {
      series: volume("300-14x21"),
      at: "9m",
      fires: [fullVolume("17")],
    },
    "fires when less than a quarter is free": {
      series: volume("900x5 249x60"),
      at: "15m",
      fires: [fullVolume("25")],
    },
    "is silent when a quarter is free": { series: volume("250x60"), at: "15m" },
  },
  "VaultAuditVolumeFilling critical": {
    "fires at the same rate before the volume is full": {
      series: volume("300-14x21"),
      at: "20m",
      fires: [fullVolume("2")],
    },
    "fires when less than a tenth is free": { series: volume("90x60"), at: "15m", fires: [fullVolume("9")] },
    "is silent when a tenth is free": { series: volume("100x60"), at: "15m" },
  },
});
