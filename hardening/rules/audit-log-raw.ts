import { blockOf, isOff, isOn } from "../readers/values";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Reports audit devices that log secrets or accessors in clear text. */
export const auditLogRaw: Rule = {
  id: "audit-log-raw",
  level: "error",
  title: "The audit log holds hashes instead of secrets and accessors",
  item: "audit",
  fix: "Leave out log_raw and hmac_accessor = false.",
  source: "https://developer.hashicorp.com/vault/docs/audit/file#configuration",
  check: forResources(["vault_audit"], ({ values: body }) => {
    const options = blockOf(body, "options");
    return [
      ...(isOn(options, "log_raw") ? ["the device logs secrets in the clear (log_raw)"] : []),
      ...(isOff(options, "hmac_accessor")
        ? ["the device logs accessors in the clear, by which tokens are revoked"]
        : []),
    ];
  }),
};
