import { podsThatRun, vaultCommandsIn } from "../readers/programs";
import { blockOf, textOf } from "../readers/values";
import { madeElements, madeOf } from "../readers/existence";
import { memo } from "../memo";
import type { Platform } from "../platform";
import { serversIn } from "../readers/servers";
import { NOT_APPLICABLE, type Rule, compliant, nonCompliant } from "../rule";
import { forPlatform } from "../subjects";

/** Reports servers without two audit devices that write to different kinds of targets. */
export const auditDevices: Rule = {
  id: "audit-devices",
  level: "error",
  title: "Two audit devices write to places of different kinds",
  item: "audit",
  fix: "Add a device that does not write to the first one's disk, by AuditDevices.",
  source: "https://developer.hashicorp.com/vault/docs/audit/best-practices",
  check: forPlatform((platform) => {
    if (serversIn(platform).length === 0) return NOT_APPLICABLE;
    const found = [...new Set(targets(platform))].sort();
    return found.length > 1
      ? compliant(`devices write to ${found.join(" and ")}`)
      : nonCompliant(
          `audit devices write to ${found[0] ?? "nothing"}: Vault answers no request that none of them can record`,
        );
  }),
};

/** Kinds of targets: a file on a disk, the container's log, a socket, syslog. */
const targets = memo((platform: Platform): string[] => [
  ...madeElements(platform.resources("vault_audit")).map(({ values: body }) => {
    const type = textOf(body, "type") ?? "";
    return type === "file" && textOf(blockOf(body, "options"), "file_path") === "stdout" ? "stdout" : type;
  }),
  // The bootstrap Job enables the first device.
  ...madeOf(podsThatRun(platform, "audit", "enable"), ({ element }) => element).flatMap((pods) =>
    vaultCommandsIn(pods)
      .filter(([group, command]) => group === "audit" && command === "enable")
      .map(([, , type]) => (/^(socket|syslog)$/.test(type) ? type : "file")),
  ),
]);
