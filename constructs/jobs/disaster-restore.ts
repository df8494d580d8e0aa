import { CronJobV1 } from "@cdktf/provider-kubernetes/lib/cron-job-v1";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import type { PolicyRule } from "../auth/policy-rule";
import { Duration } from "../core/duration";
import { anyText, checkProps, number, object, text } from "../core/field";
import { duration, size } from "../core/fields";
import { Size } from "../core/size";
import { jobImages, podOptionFields, vault as VAULT } from "../server/fields";
import { type CanaryProps, canaryEnvironment, canaryFields } from "./job-login";
import { JobPod } from "./job-pod";
import { repeated, requirePrefix } from "./job-run";
import { drillRules } from "./restore-drill";
import { type PodOptions, podOptions } from "../core/pod-options";
import type { IVault } from "../server/vault";
import { releaseOf, serverAddresses, serverNames, wipeCommand } from "../server/vault-servers";

/** Properties of `DisasterRestore`. */
export interface DisasterRestoreProps extends PodOptions, CanaryProps {
  /** Vault to restore. */
  readonly vault: IVault;
  /** Number of Vault servers. */
  readonly replicas: number;
  /** Images of the job. */
  readonly images: {
    /** Image of the servers, with its version: the version of the snapshot or later. */
    readonly vault: string;
    /** Image that contains the aws command, with its version. */
    readonly awsCli: string;
  };
  /** Bucket with the snapshots: the bucket of the backup, or its copy in another region. */
  readonly bucketName: string;
  /** AWS region of the bucket. */
  readonly region: string;
  /** ARN of the IAM role that may read the bucket. */
  readonly roleArn: string;
  /** Expected value of the field `value` in the secret `vault-platform/canary`: the environment that was saved. */
  readonly canary: string;
  /** Prefix of the backup's object names. @default vault/ */
  readonly prefix?: string;
  /** Space for the snapshot on the node's disk. @default 10 GiB - as large as the servers' volumes */
  readonly snapshotSize?: Size;
  /** Time limit of one restore, 5 minutes or more. @default - 1 hour */
  readonly timeout?: Duration;
  /** Name of the ServiceAccount, and of the job's role in Vault. @default vault-restore */
  readonly serviceAccountName?: string;
}

const PROPS = object<DisasterRestoreProps>(() => ({
  ...podOptionFields,
  ...canaryFields,
  vault: VAULT,
  replicas: number.known(),
  images: jobImages,
  bucketName: text,
  region: text,
  roleArn: text,
  canary: text,
  prefix: anyText.optional(),
  snapshotSize: size.optional(),
  timeout: duration.optional(),
  serviceAccountName: text.optional(),
}));

/**
 * Rules for the policy of the job's role in Vault. They allow the job to verify the restored data.
 * @param mounts mounts of the job, as in the props of `DisasterRestore`
 */
export const restoreRules: (mounts?: CanaryProps) => PolicyRule[] = drillRules;

/** Date that never occurs, in case the CronJob is no longer suspended. */
const NEVER = "0 0 31 2 *";

/**
 * Suspended CronJob that restores a snapshot to empty servers, after all of them have lost their data. It exists before
 * you need it. Create a job from it:
 *
 *     kubectl -n vault create job vault-restore-now --from=cronjob/vault-restore
 *
 * The job never overwrites existing data: if a server is initialised, the job stops.
 * @see https://developer.hashicorp.com/vault/docs/sysadmin/snapshots/restore
 * @throws ValidationError for fewer than one replica, an address of Vault that is not a Service's, a prefix without a
 * trailing slash, a timeout below 5 minutes, an image without a version
 */
export class DisasterRestore extends LibraryConstruct {
  /** The CronJob resource. */
  readonly cronJob: CronJobV1;

  constructor(scope: Construct, id: string, props: DisasterRestoreProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { vault, replicas, images, prefix = "vault/" } = props;
    requirePrefix(this, prefix);
    const release = releaseOf(this, vault);
    const servers = serverNames(this, release, replicas);
    const serviceAccountName = props.serviceAccountName ?? "vault-restore";
    const pod = new JobPod(this, "Pod", {
      vault,
      ...podOptions(props),
      component: "restore",
      serviceAccountName,
      roleArn: props.roleArn,
      region: props.region,
      steps: [
        {
          name: "fetch",
          image: images.awsCli,
          script: "drill-fetch.sh",
          environment: {
            BUCKET: props.bucketName,
            PREFIX: prefix,
            // After a disaster the latest snapshot may be of any age.
            MAX_AGE_SECONDS: "",
            // To restore a snapshot other than the latest, set its name here.
            SNAPSHOT: "",
          },
        },
        {
          name: "restore",
          image: images.vault,
          script: "restore.sh",
          environment: {
            VAULT_SERVERS: serverAddresses(vault.namespace, release, servers).join(" "),
            ...canaryEnvironment(this, props, serviceAccountName),
            CANARY_VALUE: props.canary,
            RESTART_COMMAND: `kubectl -n ${vault.namespace} delete pod ${servers.join(" ")}`,
            WIPE_COMMAND: wipeCommand(vault.namespace, release, servers),
          },
          vaultAccess: true,
        },
      ],
      files: ["counts.sh"],
      volumes: [{ name: "snapshot", mountPath: "/snapshot", size: props.snapshotSize ?? Size.gibibytes(10) }],
      timeout: props.timeout ?? Duration.hours(1),
      // A node drain waits until the current step is complete.
      gracePeriodSeconds: 120,
    });
    this.cronJob = new CronJobV1(this, "Resource", {
      metadata: { name: "vault-restore", namespace: vault.namespace, labels: pod.labels },
      spec: { ...repeated(pod, NEVER, 0), suspend: true },
    });
  }
}
