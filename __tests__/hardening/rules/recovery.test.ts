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

const scheduled = (spec: object, further: object = {}) =>
  resource(
    "kubernetes_manifest",
    {
      manifest: {
        kind: "CronJob",
        metadata: { name: "backup" },
        spec: {
          ...spec,
          jobTemplate: {
            spec: {
              template: {
                spec: {
                  containers: [
                    {
                      name: "save",
                      image: "hashicorp/vault:1",
                      command: ["vault", "operator", "raft", "snapshot", "save", "/a"],
                    },
                  ],
                },
              },
            },
          },
        },
      },
      ...further,
    },
    "Backup",
  );

describeRule("backup-schedule", {
  compliant: {
    "a CronJob": together(
      vault(),
      cronJob(directly("vault operator raft snapshot save /snapshots/vault.snap")),
    ),
    "a CronJob with a script": together(
      vault(),
      scripts("vault operator raft snapshot save /snapshots/a"),
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
    "a CronJob in a time zone, as a manifest": together(
      vault(),
      scheduled({ schedule: "30 2 * * mon-fri", timeZone: "Europe/Berlin" }),
    ),
    "a CronJob with a named schedule": together(vault(), scheduled({ schedule: "@daily" })),
    "the snapshot agent": together(vault(), resource("vault_raft_snapshot_agent_config", { name: "s3" })),
  },
  violated: {
    "servers alone": [vault(), "no CronJob takes Raft snapshots"],
    "a Job that runs once": [
      together(vault(), job(directly("vault operator raft snapshot save /snapshots/vault.snap"))),
      "no CronJob takes Raft snapshots",
    ],
    "a CronJob that is suspended": [
      together(vault(), cronJob(directly("vault operator raft snapshot save /snapshots/a"), "vault", true)),
      "no CronJob takes Raft snapshots",
    ],
    "a CronJob of which there are none": [
      together(vault(), scheduled({ schedule: "0 2 * * *" }, { count: 0 })),
      "no CronJob takes Raft snapshots",
    ],
    "a comment of the script": [
      together(vault(), scripts("# vault operator raft snapshot save /a\ntrue"), cronJob(pod)),
      "no CronJob takes Raft snapshots",
    ],
    "a branch that never runs": [
      together(vault(), scripts("if false; then vault operator raft snapshot save /a; fi"), cronJob(pod)),
      "no CronJob takes Raft snapshots",
    ],
    "words that are printed": [
      together(vault(), scripts('echo "vault operator raft snapshot save /a"'), cronJob(pod)),
      "no CronJob takes Raft snapshots",
    ],
    "a schedule that never fires": [
      together(vault(), scheduled({ schedule: "0 0 31 2 *" })),
      'the CronJob that takes Raft snapshots: its schedule "0 0 31 2 *" never fires, or Kubernetes rejects it',
    ],
    "a schedule that fires once a year": [
      together(vault(), scheduled({ schedule: "@yearly" })),
      'the CronJob that takes Raft snapshots: its schedule "@yearly" leaves 366 days without a run, and 7 are allowed',
    ],
    "a schedule that fires once a month": [
      together(vault(), scheduled({ schedule: "0 2 1 * *" })),
      'the CronJob that takes Raft snapshots: its schedule "0 2 1 * *" leaves 31 days without a run, and 7 are allowed',
    ],
    "a time zone that does not exist": [
      together(vault(), scheduled({ schedule: "0 2 * * *", timeZone: "Mars/Olympus" })),
      'the CronJob that takes Raft snapshots: its time zone "Mars/Olympus" does not exist',
    ],
    "a time zone in the schedule, which Kubernetes rejects": [
      together(vault(), scheduled({ schedule: "TZ=UTC 0 2 * * *" })),
      'the CronJob that takes Raft snapshots: its schedule "TZ=UTC 0 2 * * *" never fires, or Kubernetes rejects it',
    ],
    "a Job that is suspended in its CronJob": [
      together(vault(), scheduled({ schedule: "0 2 * * *", suspend: "true" })),
      "no CronJob takes Raft snapshots",
    ],
    "a snapshot agent of which there are none": [
      together(vault(), resource("vault_raft_snapshot_agent_config", { name: "s3", count: 0 })),
      "no CronJob takes Raft snapshots",
    ],
    "a snapshot agent that runs once a month": [
      together(vault(), resource("vault_raft_snapshot_agent_config", { interval_seconds: 2592000 })),
      "the snapshot agent leaves more than 7 days without a snapshot",
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
  notJudged: {
    "a schedule that only Terraform knows": [
      together(vault(), scheduled({ schedule: "${var.schedule}" })),
      'schedule is "${var.schedule}", which only Terraform can evaluate',
    ],
    "a CronJob whose number only Terraform knows": [
      together(vault(), scheduled({ schedule: "0 2 * * *" }, { for_each: "${var.backups}" })),
      'for_each of kubernetes_manifest.Backup is "${var.backups}", which only Terraform can evaluate',
    ],
    "a script that is not one": [
      together(vault(), scripts("vault operator raft snapshot save 'a"), cronJob(pod)),
      "a quote in a script has no end",
    ],
  },
  notApplicable: { "a stack without Vault": nothing },
});

describeRule("restore-drill", {
  compliant: {
    "a CronJob": together(
      vault(),
      scripts("vault operator raft snapshot restore -force /snapshots/a"),
      cronJob(pod),
    ),
  },
  violated: {
    "a CronJob that is suspended": [
      together(
        vault(),
        cronJob(directly("vault operator raft snapshot restore /snapshots/a"), "vault", true),
      ),
      "no CronJob restores Raft snapshots",
    ],
    "a CronJob that only inspects": [
      together(vault(), cronJob(directly("vault operator raft snapshot inspect /snapshots/a"))),
      "no CronJob restores Raft snapshots",
    ],
  },
  notApplicable: { "a stack without Vault": nothing },
});
