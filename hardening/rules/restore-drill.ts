import { podsThatRun } from "../readers/programs";
import { isSuspended, scheduleProblems } from "../readers/schedules";
import { serversIn } from "../readers/servers";
import { NOT_APPLICABLE, type Rule } from "../rule";
import { forPlatform, requireOne } from "../subjects";

/** Longest time between two drills, in days: a quarter of a year. */
const LIMIT = 92;

/** Reports servers without a scheduled restore of Raft snapshots. */
export const restoreDrill: Rule = {
  id: "restore-drill",
  level: "error",
  title: "Raft snapshots are restored on a schedule, at least once a quarter, to prove them",
  item: "backup",
  fix: "Add a RestoreDrill: an inspection shows what a snapshot holds, and not that it can be restored.",
  source: "https://developer.hashicorp.com/vault/docs/sysadmin/snapshots/restore",
  check: forPlatform((platform) => {
    if (serversIn(platform).length === 0) return NOT_APPLICABLE;
    const drills = podsThatRun(platform, "operator", "raft", "snapshot", "restore")
      .filter((pods) => pods.kind === "CronJob" && !isSuspended(pods))
      .map((pods) => ({
        element: pods.element,
        evidence: `restored by ${pods.element.construct.node.path}`,
        problems: () =>
          scheduleProblems(pods, LIMIT).map(
            (problem) => `the CronJob that restores Raft snapshots: ${problem}`,
          ),
      }));
    return requireOne(drills, "no CronJob restores Raft snapshots");
  }),
};
