import { describeRule } from "../support/describe-rule";
import { SiemSink } from "../../../constructs/audit/siem-sink";
import { shipperConfiguration } from "../../../constructs/audit/shipper-configuration";
import { configMap, helmRelease, job, nothing, resource, together, vault } from "../support/plain";

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
    "a device of which there are none": [
      together(vault(), file, device("socket", { address: "/run/a.sock" }, { count: 0 })),
      "audit devices write to file: Vault answers no request that none of them can record",
    ],
    "a device for each of nothing": [
      together(vault(), file, device("socket", { address: "/run/a.sock" }, { for_each: {} })),
      "audit devices write to file: Vault answers no request that none of them can record",
    ],
    "a comment of the bootstrap": [
      together(
        vault(),
        file,
        job({
          container: [{ name: "c", image: "vault:1", args: ["sh", "-c", "# vault audit enable socket"] }],
        }),
      ),
      "audit devices write to file: Vault answers no request that none of them can record",
    ],
    "two devices on one disk": [
      together(vault(), bootstrap, file),
      "audit devices write to file: Vault answers no request that none of them can record",
    ],
  },
  notJudged: {
    "devices whose number only Terraform knows": [
      together(vault(), resource("vault_audit", { type: "socket", count: "${var.audit ? 1 : 0}" }, "Second")),
      'count of vault_audit.Second is "${var.audit ? 1 : 0}", which only Terraform can evaluate',
    ],
  },
  notApplicable: { "a stack that configures a Vault of somebody else's": together(nothing, file) },
});

const shipper = (image: string) =>
  vault(undefined, {
    server: {
      extraContainers: [{ name: "ship", image, volumeMounts: [{ name: "audit" }] }],
      volumes: [{ name: "shipper", configMap: { name: "shipper" } }],
    },
  });
const CONFIGURATION = shipperConfiguration(
  SiemSink.splunkHec({
    endpoint: "https://splunk.example.com",
    credentials: { secretName: "siem", key: "token" },
  }),
);
const syslogNg = (configuration: string) =>
  together(shipper("balabit/syslog-ng:4.8.1"), configMap("shipper", { "shipper.conf": configuration }));
const ALONE =
  "no log shipper runs beside Vault's servers: an attacker who controls a server controls its audit log";
const log = (destination: string, further = "") =>
  `source s { wildcard-file(base-dir("/vault/audit") filename-pattern("*.log")); };
destination d { ${destination} };
log { source(s); ${further}destination(d); };`;

describeRule("audit-shipping", {
  compliant: {
    "the sidecar of this project": syslogNg(CONFIGURATION),
    "syslog over TLS": syslogNg(
      log('network("siem.example.com" port(6514) transport("tls") tls(ca-dir("/ca")));'),
    ),
    "drivers in the log path": syslogNg(
      'log { source { unix-stream("/run/a"); }; destination { http(url("https://siem.example.com/x")); }; };',
    ),
  },
  violated: {
    "servers alone": [vault(), ALONE],
    "an empty configuration": [syslogNg(""), "the log shipper ship has a configuration without a log path"],
    "a configuration in comments": [
      syslogNg(CONFIGURATION.replace(/^/gm, "# ")),
      "the log shipper ship: no log path leads from a source to a destination on the network",
    ],
    "a destination that no log path uses": [
      syslogNg(CONFIGURATION.replace(/^log .*$/gm, "log { source(s_file); };")),
      "the log shipper ship: no log path leads from a source to a destination on the network",
    ],
    "a file as the destination": [
      syslogNg(log('file("/tmp/a.log");')),
      "the log shipper ship: no log path leads from a source to a destination on the network",
    ],
    "syslog-ng's own messages": [
      syslogNg(log('http(url("https://siem.example.com"));').replace(/wildcard-file\(.*\)/, "internal()")),
      "the log shipper ship: no log path leads from a source to a destination on the network",
    ],
    http: [
      syslogNg(CONFIGURATION.replaceAll("https://", "http://")),
      "the log shipper ship: the destination http sends without TLS",
    ],
    "syslog over TCP": [
      syslogNg(log('network("siem.example.com" port(514) transport("tcp"));')),
      "the log shipper ship: the destination network sends without TLS",
    ],
    "a receiver that is not verified": [
      syslogNg(CONFIGURATION.replaceAll("peer-verify(yes)", "peer-verify(no)")),
      'the log shipper ship: the destination http does not verify the receiver (peer-verify is "no")',
    ],
    "a receiver whose certificate is optional": [
      syslogNg(log('syslog("siem.example.com" transport("tls") tls(peer-verify(optional-untrusted)));')),
      'the log shipper ship: the destination syslog does not verify the receiver (peer-verify is "optional-untrusted")',
    ],
    "the pod itself": [
      syslogNg(log('http(url("https://localhost:9200/"));')),
      "the log shipper ship: the destination http is localhost, the pod itself",
    ],
    "another sidecar": [shipper("hashicorp/vault-agent:1.0.0"), ALONE],
    "a shipper of something else": [
      together(vault(), helmRelease("fluent-bit", { inputs: "/var/log/nginx" })),
      ALONE,
    ],
  },
  notJudged: {
    "a shipper whose configuration is not read": [
      shipper("timberio/vector:0.50.0-alpine"),
      "the configuration of vector is not read, so that nothing shows that it sends the log on",
    ],
    "a chart that reads Vault's log": [
      together(vault(), helmRelease("fluent-bit", { inputs: "/vault/audit/*.log" })),
      "the configuration of fluent-bit is not read, so that nothing shows that it sends the log on",
    ],
    "a configuration of other stacks": [
      shipper("balabit/syslog-ng:4.8.1"),
      "no ConfigMap of these stacks has the configuration of ship",
    ],
    "a filter, which can drop everything": [
      syslogNg(log('http(url("https://siem.example.com"));', "filter(f_none); ")),
      "the log path of syslog-ng has f_none, which can drop entries",
    ],
    "another file": [
      syslogNg('@include "/etc/other.conf"\nlog { };'),
      "a configuration of syslog-ng includes another file",
    ],
  },
  notApplicable: { "a stack without Vault": nothing },
});

describeRule("audit-log-raw", {
  compliant: {
    "a device with hashes": file,
    "a device that hashes accessors": device("file", { hmac_accessor: "true" }),
    "switches in other spellings of Go": device("file", { log_raw: "F", hmac_accessor: "T" }),
  },
  violated: {
    "a device with secrets": [
      device("file", { log_raw: "true" }),
      "the device logs secrets in the clear (log_raw)",
    ],
    "the spelling T": [device("file", { log_raw: "T" }), "the device logs secrets in the clear (log_raw)"],
    "the spelling 1": [device("file", { log_raw: "1" }), "the device logs secrets in the clear (log_raw)"],
    "options that merge gives": [
      resource("vault_audit", { type: "file", options: '${merge({}, {log_raw = "T"})}' }),
      "the device logs secrets in the clear (log_raw)",
    ],
    "accessors in the spelling f": [
      device("file", { hmac_accessor: "f" }),
      "the device logs accessors in the clear, by which tokens are revoked",
    ],
    "a device with accessors": [
      device("file", { hmac_accessor: "false" }),
      "the device logs accessors in the clear, by which tokens are revoked",
    ],
  },
  notJudged: {
    "options that Terraform merges": [
      resource("vault_audit", { type: "file", options: '${merge(var.options, {log_raw = "true"})}' }),
      `options is "\${merge(var.options, log_raw = 'true' )}", which only Terraform can evaluate`,
    ],
    "a switch in a variable": [
      device("file", { log_raw: "${var.raw}" }),
      'log_raw is "${var.raw}", which only Terraform can evaluate',
    ],
    "text that Vault rejects": [
      device("file", { log_raw: "yes" }),
      'log_raw is "yes", which is not a boolean',
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
