import { TerraformStack } from "cdktf";
import { KubernetesAuth } from "../../constructs/auth/kubernetes-auth";
import { BackupCronJob, backupRules } from "../../constructs/jobs/backup-cron-job";
import { DisasterRestore, restoreRules } from "../../constructs/jobs/disaster-restore";
import type { CanaryProps } from "../../constructs/jobs/job-login";
import { RestoreDrill, drillRules } from "../../constructs/jobs/restore-drill";
import { Rollout } from "../../constructs/jobs/rollout";
import { Seal } from "../../constructs/server/seal";
import { vaultAt } from "../../constructs/server/vault";
import { KeyValueEngine } from "../../constructs/engines/key-value-engine";
import { DrReplicationPrimary } from "../../constructs/enterprise/dr-replication";
import { EnterpriseNamespace } from "../../constructs/enterprise/enterprise-namespace";
import { vaultStack } from "../support/vault-stack";
import { environmentOf, podOf, synthesizeJob } from "./jobs";

const licence = { secretName: "licence", key: "licence" };

const shared = {
  vault: vaultAt(),
  images: { vault: "hashicorp/vault:1.21.0", awsCli: "aws-cli:2.31.0", kubectl: "alpine/k8s:1.34.2" },
};

const roleArn = "arn:aws:iam::111111111111:role/job";

const snapshots = { ...shared, roleArn, bucketName: "snapshots", region: "us-east-1" };

type Props = CanaryProps & { readonly serviceAccountName?: string };

const jobs: [
  name: string,
  type: string,
  role: string,
  build: (stack: TerraformStack, props: Props) => unknown,
][] = [
  [
    "BackupCronJob",
    "kubernetes_cron_job_v1",
    "vault-backup",
    (stack, props) => new BackupCronJob(stack, "Job", { ...snapshots, ...props }),
  ],
  [
    "RestoreDrill",
    "kubernetes_cron_job_v1",
    "vault-drill",
    (stack, props) =>
      new RestoreDrill(stack, "Job", {
        ...snapshots,
        ...props,
        canary: "production",
        seal: Seal.awsKms({ keyId: "alias/unseal", region: "us-east-1" }),
      }),
  ],
  [
    "DisasterRestore",
    "kubernetes_cron_job_v1",
    "vault-restore",
    (stack, props) =>
      new DisasterRestore(stack, "Job", { ...snapshots, ...props, replicas: 3, canary: "production" }),
  ],
  [
    "Rollout",
    "kubernetes_job_v1",
    "vault-rollout",
    (stack, props) => new Rollout(stack, "Job", { ...shared, ...props, replicas: 3, revision: "1" }),
  ],
  [
    "DrReplicationPrimary",
    "kubernetes_job_v1",
    "vault-dr-replication",
    (stack, props) =>
      new DrReplicationPrimary(stack, "Job", {
        ...shared,
        ...props,
        licence,
        roleArn,
        secondaryId: "dr",
        handover: { region: "us-west-2", publicKeySecret: "key", tokenSecret: "token" },
        peerRanges: ["10.8.0.0/16"],
        clusterAddress: "https://cluster.example.com:8201",
      }),
  ],
];

describe.each(jobs)("%s", (_name, type, role, build) => {
  const environment = (propsOf: (stack: TerraformStack) => Props = () => ({})) => {
    const output = synthesizeJob((stack) => build(stack, propsOf(stack)));
    const containers = podOf(output.resource(type)).containers.map(environmentOf);
    return containers.find(({ AUTH_PATH }) => AUTH_PATH !== undefined);
  };

  test("logs in at the mount kubernetes with the role of its ServiceAccount by default", () => {
    expect(environment()).toMatchObject({ AUTH_PATH: "kubernetes", LOGIN_ROLE: role });
    expect(environment()?.CANARY_MOUNT ?? "secret").toBe("secret");
  });

  test("logs in at the given mount with the role of the given ServiceAccount", () => {
    const auth = KubernetesAuth.fromAttributes(vaultStack(), "ImportedAuth", { path: "clusters/k8s" });
    expect(environment(() => ({ auth, serviceAccountName: "canary-writer" }))).toMatchObject({
      AUTH_PATH: "clusters/k8s",
      LOGIN_ROLE: "canary-writer",
    });
  });

  test("rejects a mount that it cannot log in at", () => {
    const wrong = (auth: unknown) => () => environment(() => ({ auth }) as Props);
    expect(wrong("k8s")).toThrow("auth must be an auth mount, such as a KubernetesAuth");
    const namespaced = () =>
      environment((stack) => {
        const namespace = new EnterpriseNamespace(stack, "Teams", { licence, path: "teams" });
        return { auth: new KubernetesAuth(namespace, "Auth") };
      });
    expect(namespaced).toThrow("auth must be a mount of the root namespace, where jobs log in, got one of ");
  });
});

test("reads the canary of drill and restore from the given engine", () => {
  for (const [name, type, , build] of jobs.filter(([job]) => /Restore/.test(job))) {
    const output = synthesizeJob((stack) => {
      build(stack, { keyValue: KeyValueEngine.fromAttributes(stack, "Kv", { path: "kv" }) });
    });
    const environments = podOf(output.resource(type)).containers.map(environmentOf);
    expect([name, environments.at(-1)?.CANARY_MOUNT]).toEqual([name, "kv"]);
  }
});

test("writes the given mounts into the rules", () => {
  const stack = vaultStack();
  const auth = new KubernetesAuth(stack, "Auth", { path: "k8s" });
  const keyValue = new KeyValueEngine(stack, "KeyValue", { path: "kv" });
  const paths = (rules: readonly { path: string }[]) => rules.map(({ path }) => path);
  const counts = ["sys/mounts", "sys/auth", "sys/policies/acl"];
  expect(paths(backupRules({ auth }))).toEqual(["sys/storage/raft/snapshot", ...counts, "auth/k8s/role"]);
  for (const rules of [drillRules, restoreRules]) {
    expect(paths(rules({ auth, keyValue }))).toEqual([
      "kv/data/vault-platform/canary",
      ...counts,
      "auth/k8s/role",
    ]);
    expect(paths(rules())).toEqual(["secret/data/vault-platform/canary", ...counts, "auth/kubernetes/role"]);
  }
});
