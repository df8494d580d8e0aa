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

/** Properties of `BackupCronJob`. */
export interface BackupCronJobProps extends PodOptions, JobLoginProps {
  /** Vault to back up. */
  readonly vault: IVault;
  /** Images of the job. */
  readonly images: {
    /** Image that contains the vault command, with its version. */
    readonly vault: string;
    /** Image that contains the aws command, with its version. */
    readonly awsCli: string;
  };
  /** Bucket for the snapshots. The bucket controls the retention. */
  readonly bucketName: string;
  /** AWS region of the bucket. */
  readonly region: string;
  /** ARN of the IAM role that may put objects into the bucket. */
  readonly roleArn: string;
  /** Cron schedule with five fields, in UTC. @default 0 2 * * * - as in the article */
  readonly schedule?: string;
  /** Prefix of the object names, with a trailing slash. @default vault/ */
  readonly prefix?: string;
  /** Space for one snapshot, on the node's disk. @default 10 GiB - as large as the servers' volumes */
  readonly snapshotSize?: Size;
  /** Time limit of one backup, 5 minutes or more. @default - 1 hour */
  readonly timeout?: Duration;
  /** Name of the ServiceAccount, and of the job's role in Vault. @default vault-backup */
  readonly serviceAccountName?: string;
}

/**
 * Rules for the policy of the job's role in Vault. They allow the job to take the snapshot and to count names. The
 * restore drill compares the counts with those of the copy.
 * @param login login of the job, as in the props of `BackupCronJob`
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
 * Daily CronJob that takes a Raft snapshot of Vault and uploads it. It logs in with its ServiceAccount, saves and
 * inspects the snapshot, and uploads it with its checksum. If it fails, the Job fails and its pod stays with the reason
 * in its log.
 *
 * The snapshot remains encrypted by the unseal key. The pod cannot read its content.
 * @see https://developer.hashicorp.com/vault/docs/commands/operator/raft#snapshot-save
 * @throws ValidationError for an invalid cron schedule, a prefix without a trailing slash, a timeout below 5 minutes,
 * an image without a version, and a bucket and prefix that another backup uses
 */
export class BackupCronJob extends LibraryConstruct {
  /** The CronJob resource. */
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
