import { podsThatRun } from "../readers/programs";
import { isSuspended, scheduleProblems } from "../readers/schedules";
import { serversIn } from "../readers/servers";
import { secondsOf } from "../readers/values";
import { NOT_APPLICABLE, type Rule } from "../rule";
import { forPlatform, requireOne } from "../subjects";

/** Longest time between two snapshots, in days. */
const LIMIT = 7;

/** Reports servers without scheduled Raft snapshots. */
export const backupSchedule: Rule = {
  id: "backup-schedule",
  level: "error",
  title: "Raft snapshots are taken on a schedule, at least once a week",
  item: "backup",
  fix: "Add a BackupCronJob.",
  source: "https://developer.hashicorp.com/vault/docs/sysadmin/snapshots",
  check: forPlatform((platform) => {
    if (serversIn(platform).length === 0) return NOT_APPLICABLE;
    const agents = platform.resources("vault_raft_snapshot_agent_config").map((element) => ({
      element,
      evidence: "snapshots by the agent of Vault Enterprise",
      problems: () =>
        (secondsOf(element.values, "interval_seconds") ?? 0) > LIMIT * 86400
          ? [`the snapshot agent leaves more than ${LIMIT} days without a snapshot`]
          : [],
    }));
    const jobs = podsThatRun(platform, "operator", "raft", "snapshot", "save")
      .filter((pods) => pods.kind === "CronJob" && !isSuspended(pods))
      .map((pods) => ({
        element: pods.element,
        evidence: `snapshots by ${pods.element.construct.node.path}`,
        problems: () =>
          scheduleProblems(pods, LIMIT).map((problem) => `the CronJob that takes Raft snapshots: ${problem}`),
      }));
    return requireOne([...agents, ...jobs], "no CronJob takes Raft snapshots");
  }),
};
