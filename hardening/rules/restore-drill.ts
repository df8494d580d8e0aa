import { podsIn, programsOf } from "../readers/pods";
import { serversIn } from "../readers/servers";
import { NOT_APPLICABLE, type Rule, compliant, nonCompliant } from "../rule";
import { forPlatform } from "../subjects";

/** Reports servers without a scheduled restore of Raft snapshots. */
export const restoreDrill: Rule = {
  id: "restore-drill",
  level: "error",
  title: "Raft snapshots are restored on a schedule, to prove them",
  item: "backup",
  fix: "Add a RestoreDrill: an inspection shows what a snapshot holds, and not that it can be restored.",
  source: "https://developer.hashicorp.com/vault/docs/sysadmin/snapshots/restore",
  check: forPlatform((platform) => {
    if (serversIn(platform).length === 0) return NOT_APPLICABLE;
    const drill = podsIn(platform).find(
      (pods) =>
        pods.kind === "CronJob" && !pods.suspended && /\braft\s+snapshot\s+restore\b/.test(programsOf(pods)),
    );
    return drill
      ? compliant(`restored by ${drill.element.construct.node.path}`)
      : nonCompliant("no CronJob restores Raft snapshots");
  }),
};
