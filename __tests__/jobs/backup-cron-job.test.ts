import type { CronJobV1 } from "@cdktf/provider-kubernetes/lib/cron-job-v1";
import { BackupCronJob, type BackupCronJobProps } from "../../constructs/jobs/backup-cron-job";
import { vaultAt } from "../../constructs/server/vault";
import { Duration } from "../../constructs/core/duration";
import { Size } from "../../constructs/core/size";
import { testWithTerraform } from "../support/terraform";
import { environmentOf, jobStack, podOf, synthesizeJob } from "./jobs";

const props: BackupCronJobProps = {
  vault: vaultAt(),
  images: { vault: "hashicorp/vault:1.21.0", awsCli: "public.ecr.aws/aws-cli/aws-cli:2.31.0" },
  bucketName: "vault-snapshots",
  region: "us-east-1",
  roleArn: "arn:aws:iam::111111111111:role/production-vault-backup",
};

const withProps = (change: Partial<BackupCronJobProps> = {}) =>
  synthesizeJob((stack) => new BackupCronJob(stack, "Backup", { ...props, ...change }));
const cronJob = (change?: Partial<BackupCronJobProps>) =>
  withProps(change).resource("kubernetes_cron_job_v1");

test("runs at 0 2 * * * UTC by default, never concurrently", () => {
  expect(cronJob().spec).toMatchObject({
    schedule: "0 2 * * *",
    timezone: "Etc/UTC",
    concurrency_policy: "Forbid",
    starting_deadline_seconds: 3600,
    successful_jobs_history_limit: 3,
    failed_jobs_history_limit: 5,
  });
  expect(cronJob().spec.job_template.spec).toMatchObject({
    active_deadline_seconds: 3600,
    backoff_limit: 2,
  });
});

test("saves in Vault's image and uploads in the aws image", () => {
  const { containers } = podOf(cronJob());
  expect(containers.map(({ name, image, command }) => [name, image, command[1]])).toEqual([
    ["save", props.images.vault, "/scripts/backup-save.sh"],
    ["upload", props.images.awsCli, "/scripts/backup-upload.sh"],
  ]);
});

test("logs in with the pod's ServiceAccount and has no Vault token in the environment", () => {
  const { containers, spec } = podOf(cronJob());
  for (const container of containers) {
    expect(container.env.every(({ value }: { value?: string }) => value !== undefined)).toBe(true);
    expect(environmentOf(container)).not.toHaveProperty("VAULT_TOKEN");
  }
  expect(spec.volume.map(({ name }: { name: string }) => name)).toContain("vault-token");
  expect(environmentOf(containers[0]).VAULT_ADDR).toBe("https://vault-active.vault.svc:8200");
});

test("uploads below a prefix and keeps the snapshot on the node's disk", () => {
  const { containers, spec } = podOf(cronJob());
  expect(environmentOf(containers[1])).toMatchObject({ BUCKET: "vault-snapshots", PREFIX: "vault/" });
  expect(spec.volume).toContainEqual({ name: "snapshot", empty_dir: { size_limit: "10Gi" } });
});

test("accepts another schedule, prefix, size, timeout and ServiceAccount", () => {
  const output = withProps({
    schedule: "30 */6 * * *",
    prefix: "team/vault/",
    snapshotSize: Size.gibibytes(2),
    timeout: Duration.minutes(30),
    serviceAccountName: "saver",
  });
  const { spec } = output.resource("kubernetes_cron_job_v1");
  const pod = podOf({ spec });
  expect(spec.schedule).toBe("30 */6 * * *");
  expect(spec.job_template.spec.active_deadline_seconds).toBe(1800);
  expect(environmentOf(pod.containers[1]).PREFIX).toBe("team/vault/");
  expect(pod.spec.volume).toContainEqual({ name: "snapshot", empty_dir: { size_limit: "2Gi" } });
  expect(output.resource("kubernetes_service_account_v1").metadata.name).toBe("saver");
});

test.each<[string, Partial<BackupCronJobProps>, string]>([
  [
    "a macro",
    { schedule: "@daily" },
    'schedule must be a cron schedule of five fields, such as 0 2 * * *, got "@daily"',
  ],
  ["six fields", { schedule: "0 0 2 * * *" }, 'got "0 0 2 * * *"'],
  ["an hour that does not exist", { schedule: "0 25 * * *" }, 'got "0 25 * * *"'],
  ["Sunday as 7, which Kubernetes does not know", { schedule: "0 2 * * 7" }, 'got "0 2 * * 7"'],
  [
    "a day that its month does not have",
    { schedule: "0 0 31 2 *" },
    'schedule must be a cron schedule that runs at some time, with a day that its months have, got "0 0 31 2 *"',
  ],
  ["a prefix without a slash at its end", { prefix: "vault" }, "prefix must be empty or end with a slash"],
  ["a prefix that starts with a slash", { prefix: "/vault/" }, 'got "/vault/"'],
  ["too short a time", { timeout: Duration.seconds(60) }, "timeout must be 5 minutes or more, got 1m"],
])("rejects %s", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
  expect(() => withProps(change)).toThrow("[test/Backup");
});

test("returns the CronJob from node.defaultChild", () => {
  const output = synthesizeJob((stack) => {
    const backup = new BackupCronJob(stack, "Backup", props);
    (backup.node.defaultChild as CronJobV1).addOverride("spec.suspend", true);
  });
  expect(output.resource("kubernetes_cron_job_v1").spec.suspend).toBe(true);
});

testWithTerraform(["kubernetes"], "plans the backup without a cluster", (plan) => {
  const planned = plan(jobStack((stack) => new BackupCronJob(stack, "Backup", props)));
  expect(planned.resources("kubernetes_cron_job_v1")[0].spec[0].schedule).toBe("0 2 * * *");
});
