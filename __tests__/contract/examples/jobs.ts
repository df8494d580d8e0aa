import * as api from "../../../constructs";
import { type Example, type World, call, construct } from "./world";

const { Duration, Size, Cpu } = api;
const amounts = { cpu: Cpu.millis(100), memory: Size.mebibytes(128) };
const resources = { requests: amounts, limits: amounts };
const ROLE = "arn:aws:iam::111111111111:role/job";
const images = { vault: "hashicorp/vault:1.21.0", awsCli: "public.ecr.aws/aws-cli/aws-cli:2.31.0" };
const kubectl = "alpine/k8s:1.34.2";

const pods = (world: World) => ({ imagePullSecrets: ["registry"], proxy: world.proxy });

const job = (world: World) => ({
  ...pods(world),
  vault: world.vault,
  timeout: Duration.hours(1),
  serviceAccountName: "job",
});

const awsJob = (world: World) => ({
  ...job(world),
  images: { ...images },
  roleArn: ROLE,
  region: "us-east-1",
});

const snapshotJob = (world: World) => ({
  ...awsJob(world),
  bucketName: "snapshots",
  prefix: "vault/",
  snapshotSize: Size.gibibytes(10),
});

const login = (world: World) => ({ auth: world.kubernetesAuth });

const canary = (world: World) => ({ ...login(world), keyValue: world.keyValue });

const awsKms = () => ({
  keyId: "alias/vault-unseal-key",
  region: "us-east-1",
  roleArn: ROLE,
  endpoint: "https://kms.example.com",
});

const jobPod = (world: World) => ({
  ...job(world),
  component: "backup",
  roleArn: ROLE,
  region: "us-east-1",
  steps: [
    {
      name: "save",
      image: images.vault,
      script: "backup-save.sh",
      environment: { BUCKET: "snapshots" },
      vaultAccess: true,
      kubernetesAccess: true,
      resources,
    },
  ],
  files: ["counts.sh"],
  texts: { "note.txt": "A note" },
  volumes: [{ name: "work-2", mountPath: "/work-2", size: Size.gibibytes(1) }],
  gracePeriodSeconds: 60,
});

/** Shows the pod template to Terraform, as a Job would use it. */
const running = (world: World, pod: api.JobPod) => world.show(pod.template);

/** Examples of jobs. */
export const jobExamples: Readonly<Record<string, Example>> = {
  BackupCronJob: construct(api.BackupCronJob, (world) => ({
    ...snapshotJob(world),
    ...login(world),
    schedule: "0 2 * * *",
  })),
  backupRules: call(
    (_, of: never) => api.backupRules(of),
    (world) => [login(world)],
  ),
  Bootstrap: construct(api.Bootstrap, (world) => ({
    ...awsJob(world),
    replicas: 3,
    recoverySecrets: ["share-1", "share-2"],
    threshold: 2,
    pgpKeys: [1, 2].map((it) => `-----BEGIN PGP PUBLIC KEY BLOCK-----\n${it}`),
    replacesCluster: "6d8b6a8e-1c2d-3e4f-5a6b-7c8d9e0f1a2b",
    namespacesBelow: "teams",
  })),
  DisasterRestore: construct(api.DisasterRestore, (world) => ({
    ...snapshotJob(world),
    ...canary(world),
    replicas: 3,
    canary: "production",
  })),
  drillRules: call(
    (_, of: never) => api.drillRules(of),
    (world) => [canary(world)],
  ),
  JobPod: construct(api.JobPod, jobPod, running),
  RestoreDrill: construct(api.RestoreDrill, (world) => ({
    ...snapshotJob(world),
    ...canary(world),
    seal: api.Seal.awsKms(awsKms()),
    canary: "production",
    schedule: "0 4 * * 0",
    maxAge: Duration.hours(26),
    mustNotReach: ["payments-db.production.svc:5432"],
    resources,
  })),
  Rollout: construct(api.Rollout, (world) => ({
    ...pods(world),
    ...login(world),
    vault: world.vault,
    replicas: 3,
    images: { vault: images.vault, kubectl },
    revision: "1",
    serverTimeout: Duration.minutes(10),
    serviceAccountName: "vault-rollout",
  })),
  waitedFor: call(
    (world, pod: never, retries: never) => world.show(api.waitedFor(pod, retries)),
    (world) => [new api.JobPod(world.stack, world.nextId(), jobPod(world) as api.JobPodProps), 3],
  ),
};
