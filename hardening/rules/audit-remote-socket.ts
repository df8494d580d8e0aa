import { blockOf, textOf } from "../readers/values";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Reports audit devices that write to a socket on the network. */
export const auditRemoteSocket: Rule = {
  id: "audit-remote-socket",
  level: "error",
  title: "No audit device depends on the network",
  item: "audit",
  fix: "Write to the Unix socket of a sidecar, which sends on what it has stored.",
  source: "https://developer.hashicorp.com/vault/docs/audit/socket",
  check: forResources(["vault_audit"], ({ values: body }) => {
    if (textOf(body, "type") !== "socket") return [];
    const options = blockOf(body, "options");
    const address = textOf(options, "address") ?? "";
    const isLocal = textOf(options, "socket_type") === "unix" && address.startsWith("/");
    return isLocal
      ? []
      : [
          `the device writes to ${address}: TCP makes every request wait for the other end, UDP loses entries`,
        ];
  }),
};
