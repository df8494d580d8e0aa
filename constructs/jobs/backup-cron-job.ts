import { CronJobV1 } from "@cdktf/provider-kubernetes/lib/cron-job-v1";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import type { PolicyRule } from "../auth/policy-rule";
import { Duration } from "../core/duration";
import { anyText, checkProps, object, text } from "../core/field";
import { duration, size } from "../core/fields";
import { takeInCluster } from "../core/kubernetes-claims";
import { received } from "../core/received";
import { Size } from "../core/size";
import { ValidationError } from "../core/validation-error";
import { jobImages, podOptionFields, vault as VAULT } from "../server/fields";
import { type JobLoginProps, countRules, jobLogin, jobLoginFields, loginEnvironment } from "./job-login";
import { JobPod } from "./job-pod";
import { repeated, requirePrefix, requireSchedule } from "./job-run";
import { type PodOptions, podOptions } from "../core/pod-options";
import type { IVault } from "../server/vault";

export interface BackupCronJobProps extends PodOptions, JobLoginProps {
  readonly vault: IVault;
  readonly images: {
    /** Image with the vault command, with its version. */
    readonly vault: string;
    /** Image with the aws command, with its version. */
    readonly awsCli: string;
  };
  /** Bucket that keeps the snapshots; how long is the bucket's matter. */
  readonly bucketName: string;
  /** AWS region of the bucket. */
  readonly region: string;
  /** ARN of the role that may put objects into the bucket. */
  readonly roleArn: string;
  /** Five fields, in UTC. @default - 0 2 * * *, the article's */
  readonly schedule?: string;
  /** What the names of the objects start with, with a slash at its end. @default vault/ */
  readonly prefix?: string;
  /** Room for one snapshot, on the node's disk. @default - 10 GiB, as large as the servers' volumes */
  readonly snapshotSize?: Size;
  /** How long one backup may take, 5 minutes or more. @default - 1 hour */
  readonly timeout?: Duration;
  /** Also the name of its role in Vault. @default vault-backup */
  readonly serviceAccountName?: string;
}

/**
 * What the job's role in Vault has to be allowed. The names are counted, so that a restored copy can be compared with the
 * original.
 * @param login the job's
 */
export function backupRules(login: JobLoginProps = {}): PolicyRule[] {
  checkProps("backupRules", jobLogin, login);
  return [
    { path: "sys/storage/raft/snapshot", capabilities: ["read"], reason: "takes the snapshot" },
    ...countRules(login),
  ];
}

const PROPS = object<BackupCronJobProps>(() => ({
  ...podOptionFields,
  ...jobLoginFields,
  vault: VAULT,
  images: jobImages,
  bucketName: text,
  region: text,
  roleArn: text,
  schedule: anyText.optional(),
  prefix: anyText.optional(),
  snapshotSize: size.optional(),
  timeout: duration.optional(),
  serviceAccountName: text.optional(),
}));

/**
 * Takes a Raft snapshot of Vault and uploads it, day by day: logs in as its ServiceAccount, saves, inspects, and sends
 * it with its checksum. A failure is a failed Job whose pod stays and says why.
 *
 * The snapshot stays sealed by the unseal key; the pod cannot read what is in it.
 * @see https://developer.hashicorp.com/vault/docs/commands/operator/raft#snapshot-save
 * @throws ValidationError for a schedule that Kubernetes would not read, a prefix without a slash at its end, a
 * timeout below 5 minutes, an image without a version, a bucket and prefix of another backup
 */
export class BackupCronJob extends LibraryConstruct {
  readonly cronJob: CronJobV1;

  constructor(scope: Construct, id: string, props: BackupCronJobProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { vault, prefix = "vault/", schedule = "0 2 * * *", timeout = Duration.hours(1) } = props;
    requireSchedule(this, schedule);
    requirePrefix(this, prefix);
    const other = takeInCluster(this, "snapshots", `${props.bucketName}/${prefix}`);
    if (other !== undefined) {
      throw new ValidationError(
        this,
        `bucketName and prefix must be of this backup alone, because the drill and the restore take the latest snapshot there, ` +
          `got ${received(`${props.bucketName}/${prefix}`)}, as ${other} has`,
      );
    }
    const serviceAccountName = props.serviceAccountName ?? "vault-backup";
    const pod = new JobPod(this, "Pod", {
      vault,
      ...podOptions(props),
      component: "backup",
      serviceAccountName,
      roleArn: props.roleArn,
      region: props.region,
      steps: [
        {
          name: "save",
          image: props.images.vault,
          script: "backup-save.sh",
          environment: loginEnvironment(this, props, serviceAccountName),
          vaultAccess: true,
        },
        {
          name: "upload",
          image: props.images.awsCli,
          script: "backup-upload.sh",
          environment: { BUCKET: props.bucketName, PREFIX: prefix },
        },
      ],
      files: ["counts.sh"],
      volumes: [{ name: "snapshot", mountPath: "/snapshot", size: props.snapshotSize ?? Size.gibibytes(10) }],
      timeout,
    });
    this.cronJob = new CronJobV1(this, "Resource", {
      metadata: { name: "vault-backup", namespace: vault.namespace, labels: pod.labels },
      spec: repeated(pod, schedule, 2),
    });
  }
}
