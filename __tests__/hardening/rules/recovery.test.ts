import { describeRule } from "../support/describe-rule";
import { configMap, cronJob, job, manifest, nothing, resource, together, vault } from "../support/plain";

const scripts = (content: string) => configMap("scripts", { "job.sh": content });
const pod = {
  container: [{ name: "job", image: "hashicorp/vault:1.21.0", command: ["sh", "/scripts/job.sh"] }],
  volume: [{ name: "scripts", projected: [{ sources: [{ configMap: [{ name: "scripts" }] }] }] }],
};
const directly = (args: string) => ({
  container: [{ name: "job", image: "hashicorp/vault:1.21.0", args: [args] }],
});

describeRule("disaster-recovery", {
  compliant: {
    "a key and snapshots in a second region": together(
      vault(),
      resource("aws_kms_replica_key", {}),
      resource("aws_s3_bucket_replication_configuration", {}),
    ),
    "replication of Vault Enterprise": resource("vault_generic_endpoint", {
      path: "sys/replication/dr/primary/enable",
    }),
    "replication that a Job enables": job(
      directly("vault write sys/replication/dr/secondary/enable token=-"),
    ),
  },
  violated: {
    "one region": [vault(), "the unseal key has no replica and snapshots are not copied in another region"],
    "a key without snapshots": [
      together(vault(), resource("aws_kms_replica_key", {})),
      "snapshots are not copied in another region",
    ],
  },
  notApplicable: { "a stack without Vault": nothing },
});

describeRule("backup-schedule", {
  compliant: {
    "a CronJob": together(vault(), cronJob(directly("vault operator raft snapshot save /work/vault.snap"))),
    "a CronJob with a script": together(
      vault(),
      scripts("vault operator raft snapshot save /work/a"),
      cronJob(pod),
    ),
    "a CronJob and its script in no namespace": together(
      vault(),
      manifest({
        kind: "ConfigMap",
        metadata: { name: "scripts" },
        data: { "job.sh": "vault operator raft snapshot save /a" },
      }),
      cronJob(pod, "default"),
    ),
    "the snapshot agent": together(vault(), resource("vault_raft_snapshot_agent_config", { name: "s3" })),
  },
  violated: {
    "servers alone": [vault(), "no CronJob takes Raft snapshots"],
    "a Job that runs once": [
      together(vault(), job(directly("vault operator raft snapshot save /work/vault.snap"))),
      "no CronJob takes Raft snapshots",
    ],
    "a CronJob that is suspended": [
      together(vault(), cronJob(directly("vault operator raft snapshot save /work/a"), "vault", true)),
      "no CronJob takes Raft snapshots",
    ],
    "a file beside the script that the CronJob runs": [
      together(
        vault(),
        configMap("scripts", { "job.sh": "true", "other.sh": "vault operator raft snapshot save /a" }),
        cronJob(pod),
      ),
      "no CronJob takes Raft snapshots",
    ],
    "a script that the CronJob does not run": [
      together(
        vault(),
        configMap("others", { "job.sh": "vault operator raft snapshot save /a" }),
        cronJob(pod),
      ),
      "no CronJob takes Raft snapshots",
    ],
  },
  notApplicable: { "a stack without Vault": nothing },
});

describeRule("restore-drill", {
  compliant: {
    "a CronJob": together(
      vault(),
      scripts("vault operator raft snapshot restore -force /work/a"),
      cronJob(pod),
    ),
  },
  violated: {
    "a CronJob that is suspended": [
      together(vault(), cronJob(directly("vault operator raft snapshot restore /work/a"), "vault", true)),
      "no CronJob restores Raft snapshots",
    ],
    "a CronJob that only inspects": [
      together(vault(), cronJob(directly("vault operator raft snapshot inspect /work/a"))),
      "no CronJob restores Raft snapshots",
    ],
  },
  notApplicable: { "a stack without Vault": nothing },
});
