import type { CronJobV1 } from "@cdktf/provider-kubernetes/lib/cron-job-v1";
import { RestoreDrill, type RestoreDrillProps, drillRules } from "../../constructs/jobs/restore-drill";
import { Seal } from "../../constructs/server/seal";
import { vaultAt } from "../../constructs/server/vault";
import { Cpu } from "../../constructs/core/cpu";
import { Duration } from "../../constructs/core/duration";
import { Size } from "../../constructs/core/size";
import { testWithTerraform } from "../support/terraform";
import { environmentOf, jobStack, podOf, synthesizeJob } from "./jobs";

const props: RestoreDrillProps = {
  vault: vaultAt(),
  images: { vault: "hashicorp/vault:1.21.0", awsCli: "public.ecr.aws/aws-cli/aws-cli:2.31.0" },
  seal: Seal.awsKms({ keyId: "alias/vault-unseal-key", region: "us-east-1" }),
  bucketName: "vault-snapshots",
  region: "us-east-1",
  roleArn: "arn:aws:iam::111111111111:role/production-vault-drill",
  canary: "production",
};

const withProps = (change: Partial<RestoreDrillProps> = {}) =>
  synthesizeJob((stack) => new RestoreDrill(stack, "Drill", { ...props, ...change }));
const cronJob = (change?: Partial<RestoreDrillProps>) => withProps(change).resource("kubernetes_cron_job_v1");
const steps = (change?: Partial<RestoreDrillProps>) => podOf(cronJob(change)).containers;

test("runs weekly at 04:00 by default and is not retried", () => {
  expect(cronJob().spec).toMatchObject({ schedule: "0 4 * * 0", concurrency_policy: "Forbid" });
  expect(cronJob().spec.job_template.spec).toMatchObject({
    active_deadline_seconds: 3600,
    backoff_limit: 0,
  });
});

test("fetches a snapshot of at most 26 hours with the aws image, restores with Vault's", () => {
  const [fetch, restore] = steps();
  expect([fetch.image, restore.image]).toEqual([props.images.awsCli, props.images.vault]);
  expect(environmentOf(fetch)).toMatchObject({
    BUCKET: "vault-snapshots",
    PREFIX: "vault/",
    MAX_AGE_SECONDS: "93600",
  });
  expect(environmentOf(restore)).toMatchObject({ CANARY_VALUE: "production", AWS_REGION: "us-east-1" });
});

test("gives the copy the original's seal and audit log folder", () => {
  expect(withProps().resource("kubernetes_config_map_v1").data["seal.hcl"]).toBe(
    'seal "awskms" {\n  region     = "us-east-1"\n  kms_key_id = "alias/vault-unseal-key"\n}\n',
  );
  expect(steps()[1].volume_mount).toContainEqual({ name: "audit", mount_path: "/vault/audit" });
});

test("checks Vault's addresses and further forbidden targets", () => {
  const [, restore] = steps({ mustNotReach: ["payments-db.production.svc:5432"] });
  expect(environmentOf(restore).FORBIDDEN_TARGETS).toBe(
    "vault.vault.svc:8200 vault-active.vault.svc:8200 payments-db.production.svc:5432",
  );
});

test("gives access to Vault to the restore step, not to the fetch step", () => {
  const mounted = steps().map(({ volume_mount }) => volume_mount.map(({ name }: { name: string }) => name));
  expect(mounted[0]).not.toContain("vault-token");
  expect(mounted[1]).toEqual(expect.arrayContaining(["vault-token", "vault-ca"]));
  expect(environmentOf(steps()[0])).not.toHaveProperty("VAULT_ADDR");
  expect(environmentOf(steps()[1]).VAULT_ADDR).toBe("https://vault-active.vault.svc:8200");
});

test("labels the pod as drill", () => {
  expect(podOf(cronJob()).labels["vault-platform/component"]).toBe("drill");
});

test("lets the copy review tokens with the API server", () => {
  const output = withProps();
  expect(output.resource("kubernetes_cluster_role_binding_v1")).toMatchObject({
    role_ref: { kind: "ClusterRole", name: "system:auth-delegator" },
    subject: [{ kind: "ServiceAccount", name: "vault-drill", namespace: "vault" }],
  });
  expect(steps()[1].volume_mount.map(({ name }: { name: string }) => name)).toContain("kubernetes-token");
  expect(steps()[0].volume_mount.map(({ name }: { name: string }) => name)).not.toContain("kubernetes-token");
});

test("grants reading the canary and no other secret", () => {
  const values = drillRules().filter(({ path }) => path.startsWith("secret/"));
  expect(values.map(({ path }) => path)).toEqual(["secret/data/vault-platform/canary"]);
});

test("accepts another schedule, age, size, resources, timeout and ServiceAccount", () => {
  const output = withProps({
    schedule: "0 5 1 * *",
    maxAge: Duration.hours(7),
    prefix: "",
    snapshotSize: Size.gibibytes(2),
    resources: {
      requests: { cpu: Cpu.units(1), memory: Size.gibibytes(1) },
      limits: { cpu: Cpu.units(2), memory: Size.gibibytes(4) },
    },
    timeout: Duration.hours(2),
    serviceAccountName: "driller",
  });
  const body = output.resource("kubernetes_cron_job_v1");
  const { containers, spec } = podOf(body);
  expect(body.spec.schedule).toBe("0 5 1 * *");
  expect(body.spec.job_template.spec.active_deadline_seconds).toBe(7200);
  expect(environmentOf(containers[0])).toMatchObject({ MAX_AGE_SECONDS: "25200", PREFIX: "" });
  expect(containers[1].resources.limits).toEqual({ cpu: "2", memory: "4Gi" });
  expect(spec.volume).toContainEqual({ name: "data", empty_dir: { size_limit: "2Gi" } });
  expect(output.resource("kubernetes_service_account_v1").metadata.name).toBe("driller");
  expect(output.resource("kubernetes_cluster_role_binding_v1").subject[0].name).toBe("driller");
});

test.each<[string, Partial<RestoreDrillProps>, string]>([
  [
    "a seal without KMS",
    { seal: Seal.shamir() },
    'seal must be Seal.awsKms, because the pod has an AWS role and nothing else, got "shamir"',
  ],
  ["a wrong schedule", { schedule: "weekly" }, "schedule must be a cron schedule of five fields"],
  [
    "an IPv6 address without brackets",
    { mustNotReach: ["fd00::5:5432"] },
    "mustNotReach[0] must be a host and a port, such as vault.example.com:8200 or [2001:db8::10]:8200",
  ],
  ["a prefix without a slash at its end", { prefix: "vault" }, "prefix must be empty or end with a slash"],
  [
    "an address without a port",
    { mustNotReach: ["payments-db.production.svc"] },
    'mustNotReach[0] must be a host and a port, such as vault.example.com:8200 or [2001:db8::10]:8200, got "payments-db.production.svc"',
  ],
])("rejects %s", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
  expect(() => withProps(change)).toThrow("[test/Drill");
});

test("returns the CronJob from node.defaultChild", () => {
  const output = synthesizeJob((stack) => {
    const drill = new RestoreDrill(stack, "Drill", props);
    (drill.node.defaultChild as CronJobV1).addOverride("spec.suspend", true);
  });
  expect(output.resource("kubernetes_cron_job_v1").spec.suspend).toBe(true);
});

testWithTerraform(["kubernetes"], "plans the drill without a cluster", (plan) => {
  const planned = plan(jobStack((stack) => new RestoreDrill(stack, "Drill", props)));
  expect(planned.resources("kubernetes_cron_job_v1")[0].spec[0].schedule).toBe("0 4 * * 0");
});
