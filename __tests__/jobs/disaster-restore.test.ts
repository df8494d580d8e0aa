import { DisasterRestore, type DisasterRestoreProps } from "../../constructs/jobs/disaster-restore";
import { vaultAt } from "../../constructs/server/vault";
import { Duration } from "../../constructs/core/duration";
import { Size } from "../../constructs/core/size";
import { environmentOf, podOf, synthesizeJob } from "./jobs";

const props: DisasterRestoreProps = {
  vault: vaultAt(),
  replicas: 3,
  images: { vault: "hashicorp/vault:1.21.0", awsCli: "public.ecr.aws/aws-cli/aws-cli:2.31.0" },
  bucketName: "vault-snapshots",
  region: "us-east-1",
  roleArn: "arn:aws:iam::111111111111:role/production-vault-restore",
  canary: "production",
};

const withProps = (change: Partial<DisasterRestoreProps> = {}) =>
  synthesizeJob((stack) => new DisasterRestore(stack, "Restore", { ...props, ...change }));
const cronJob = (change?: Partial<DisasterRestoreProps>) =>
  withProps(change).resource("kubernetes_cron_job_v1");
const steps = (change?: Partial<DisasterRestoreProps>) => podOf(cronJob(change)).containers;

test("creates a suspended CronJob with a schedule that never occurs", () => {
  expect(cronJob().metadata).toMatchObject({ name: "vault-restore", namespace: "vault" });
  expect(cronJob().spec).toMatchObject({ suspend: true, schedule: "0 0 31 2 *" });
  expect(cronJob().spec.job_template.spec).toMatchObject({ active_deadline_seconds: 3600, backoff_limit: 0 });
});

test("fetches the latest snapshot of any age by default", () => {
  const [fetch, restore] = steps();
  expect([fetch.image, restore.image]).toEqual([props.images.awsCli, props.images.vault]);
  expect(environmentOf(fetch)).toMatchObject({
    BUCKET: "vault-snapshots",
    PREFIX: "vault/",
    MAX_AGE_SECONDS: "",
    SNAPSHOT: "",
  });
});

test("names all servers and prints the wipe command for their volumes", () => {
  expect(environmentOf(steps()[1])).toMatchObject({
    VAULT_SERVERS: [0, 1, 2]
      .map((ordinal) => `https://vault-${ordinal}.vault-internal.vault.svc:8200`)
      .join(" "),
    CANARY_VALUE: "production",
    RESTART_COMMAND: "kubectl -n vault delete pod vault-0 vault-1 vault-2",
    WIPE_COMMAND: expect.stringContaining(
      "delete persistentvolumeclaim data-vault-0 data-vault-1 data-vault-2",
    ),
  });
});

test("gives access to Vault to the restore step, not to the fetch step", () => {
  const mounted = steps().map(({ volume_mount }) => volume_mount.map(({ name }: { name: string }) => name));
  expect(mounted[0]).not.toContain("vault-token");
  expect(mounted[1]).toEqual(expect.arrayContaining(["vault-token", "vault-ca"]));
  expect(environmentOf(steps()[0])).not.toHaveProperty("VAULT_ADDR");
  expect(environmentOf(steps()[1]).VAULT_ADDR).toBe("https://vault-active.vault.svc:8200");
});

test("mounts no API server token and labels the pod as restore", () => {
  const { spec, labels } = podOf(cronJob());
  expect(spec.volume.map(({ name }: { name: string }) => name)).not.toContain("kubernetes-token");
  expect(labels["vault-platform/component"]).toBe("restore");
});

test("accepts another prefix, size, timeout and ServiceAccount", () => {
  const change = {
    prefix: "",
    snapshotSize: Size.gibibytes(50),
    timeout: Duration.hours(3),
    serviceAccountName: "other",
  };
  expect(environmentOf(steps(change)[0]).PREFIX).toBe("");
  expect(podOf(cronJob(change)).spec.volume).toContainEqual({
    name: "snapshot",
    empty_dir: { size_limit: "50Gi" },
  });
  expect(cronJob(change).spec.job_template.spec.active_deadline_seconds).toBe(10800);
  expect(withProps(change).resource("kubernetes_service_account_v1").metadata.name).toBe("other");
});

test.each<[Partial<DisasterRestoreProps>, string]>([
  [{ prefix: "vault" }, "prefix must be empty or end with a slash"],
  [{ replicas: 0 }, "replicas must be 1 or more servers, got 0"],
  [{ timeout: Duration.minutes(4) }, "timeout must be 5 minutes or more"],
  [{ images: { ...props.images, vault: "hashicorp/vault" } }, "hashicorp/vault"],
  [{ vault: { ...vaultAt(), address: "https://vault.example.com" } }, "that of a Service"],
])("rejects %j", (change, message) => {
  expect(() => withProps(change)).toThrow(message);
});

test("returns the CronJob from node.defaultChild", () => {
  const output = synthesizeJob((stack) => {
    const restore = new DisasterRestore(stack, "Restore", props);
    expect(restore.node.defaultChild).toBe(restore.cronJob);
    restore.cronJob.addOverride("spec.time_zone", "Etc/GMT");
  });
  expect(output.resource("kubernetes_cron_job_v1").spec.time_zone).toBe("Etc/GMT");
});
