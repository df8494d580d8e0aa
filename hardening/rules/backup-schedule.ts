import { podsIn, programsOf } from "../readers/pods";
import { serversIn } from "../readers/servers";
import { NOT_APPLICABLE, type Rule, compliant, nonCompliant } from "../rule";
import { forPlatform } from "../subjects";

/** Reports servers without scheduled Raft snapshots. */
export const backupSchedule: Rule = {
  id: "backup-schedule",
  level: "error",
  title: "Raft snapshots are taken on a schedule",
  item: "backup",
  fix: "Add a BackupCronJob.",
  source: "https://developer.hashicorp.com/vault/docs/sysadmin/snapshots",
  check: forPlatform((platform) => {
    if (serversIn(platform).length === 0) return NOT_APPLICABLE;
    if (platform.resources("vault_raft_snapshot_agent_config").length > 0) {
      return compliant("snapshots by the agent of Vault Enterprise");
    }
    const job = podsIn(platform).find(
      (pods) =>
        pods.kind === "CronJob" && !pods.suspended && /\braft\s+snapshot\s+save\b/.test(programsOf(pods)),
    );
    return job
      ? compliant(`snapshots by ${job.element.construct.node.path}`)
      : nonCompliant("no CronJob takes Raft snapshots");
  }),
};
