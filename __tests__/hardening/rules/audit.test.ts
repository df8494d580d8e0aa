import { describeRule } from "../support/describe-rule";
import { helmRelease, job, nothing, resource, together, vault } from "../support/plain";

const device = (type: string, options: Record<string, string>, further = {}) =>
  resource("vault_audit", { type, options, ...further });
const file = device("file", { file_path: "/vault/audit/audit.log" });
const stdout = device("file", { file_path: "stdout" });
const bootstrap = job({
  container: [
    { name: "configure", image: "hashicorp/vault:1.21.0", args: ["vault audit enable file file_path=/a"] },
  ],
});

describeRule("audit-devices", {
  compliant: {
    "a file and the container's log": together(vault(), file, stdout),
    "the bootstrap's file and a socket": together(
      vault(),
      bootstrap,
      device("socket", { address: "/run/a.sock" }),
    ),
  },
  violated: {
    "no device": [
      vault(),
      "audit devices write to nothing: Vault answers no request that none of them can record",
    ],
    "two devices on one disk": [
      together(vault(), bootstrap, file),
      "audit devices write to file: Vault answers no request that none of them can record",
    ],
  },
  notApplicable: { "a stack that configures a Vault of somebody else's": together(nothing, file) },
});

const shipper = (image: string) =>
  vault(undefined, {
    server: { extraContainers: [{ name: "ship", image, volumeMounts: [{ name: "audit" }] }] },
  });

describeRule("audit-shipping", {
  compliant: {
    "a sidecar of the servers": shipper("timberio/vector:0.50.0-alpine"),
    "this project's": shipper("balabit/syslog-ng:4.8.1"),
    "an agent of the SIEM": shipper("gcr.io/datadoghq/agent:7.70.0"),
    "a chart that reads Vault's log": together(
      vault(),
      helmRelease("fluent-bit", { inputs: "/vault/audit/*.log" }),
    ),
  },
  violated: {
    "servers alone": [
      vault(),
      "no log shipper runs beside Vault's servers: whoever owns a server owns its audit log",
    ],
    "another sidecar": [
      shipper("hashicorp/vault-agent:1.0.0"),
      "no log shipper runs beside Vault's servers: whoever owns a server owns its audit log",
    ],
    "a shipper of something else": [
      together(vault(), helmRelease("fluent-bit", { inputs: "/var/log/nginx" })),
      "no log shipper runs beside Vault's servers: whoever owns a server owns its audit log",
    ],
  },
  notApplicable: { "a stack without Vault": nothing },
});

describeRule("audit-log-raw", {
  compliant: {
    "a device with hashes": file,
    "a device that hashes accessors": device("file", { hmac_accessor: "true" }),
  },
  violated: {
    "a device with secrets": [
      device("file", { log_raw: "true" }),
      "the device logs secrets in the clear (log_raw)",
    ],
    "a device with accessors": [
      device("file", { hmac_accessor: "false" }),
      "the device logs accessors in the clear, by which tokens are revoked",
    ],
  },
  notApplicable: { "a stack without devices": nothing },
});

describeRule("audit-syslog", {
  compliant: { "a file": file },
  violated: {
    syslog: [
      device("syslog", { tag: "vault" }),
      "the device writes to the local syslog, and Vault's image has none",
    ],
  },
  notApplicable: { "a stack without devices": nothing },
});

describeRule("audit-remote-socket", {
  compliant: {
    "the socket of a sidecar": device("socket", { address: "/run/audit.sock", socket_type: "unix" }),
    "a file": file,
  },
  violated: {
    "TCP, which is the default": [
      device("socket", { address: "siem.example.com:9090" }),
      "the device writes to siem.example.com:9090: TCP makes every request wait for the other end, UDP loses entries",
    ],
  },
  notApplicable: { "a stack without devices": nothing },
});

describeRule("audit-prevent-destroy", {
  compliant: { "a device that stays": device("file", {}, { lifecycle: { prevent_destroy: true } }) },
  violated: { "a device that a plan may replace": [file, "a plan may destroy or replace the audit device"] },
  notApplicable: { "a stack without devices": nothing },
});
