import { textOf } from "../readers/values";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Reports audit devices that write to syslog, which Vault's image does not have. */
export const auditSyslog: Rule = {
  id: "audit-syslog",
  level: "error",
  title: "No audit device writes to a syslog that a container does not have",
  item: "audit",
  fix: "Write to stdout, or to the Unix socket of a sidecar, by AuditDevices.",
  source: "https://developer.hashicorp.com/vault/docs/audit/syslog",
  check: forResources(["vault_audit"], ({ values: body }) =>
    textOf(body, "type") === "syslog"
      ? ["the device writes to the local syslog, and Vault's image has none"]
      : [],
  ),
};
