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

export interface DisasterRestoreProps extends PodOptions, CanaryProps {
  readonly vault: IVault;
  /** Number of Vault's servers. */
  readonly replicas: number;
  readonly images: {
    /** Image of the servers, with its version: the one that the snapshot is of, or later. */
    readonly vault: string;
    /** Image with the aws command, with its version. */
    readonly awsCli: string;
  };
  /** Bucket with the snapshots: the backup's own, or its copy in another region. */
  readonly bucketName: string;
  /** AWS region of the bucket. */
  readonly region: string;
  /** ARN of the role that may read the bucket. */
  readonly roleArn: string;
  /** What the secret `vault-platform/canary` says in its field `value`: the environment that was saved. */
  readonly canary: string;
  /** What the names of the backup's objects start with. @default vault/ */
  readonly prefix?: string;
  /** Room for the snapshot on the node's disk. @default - 10 GiB, as large as the servers' volumes */
  readonly snapshotSize?: Size;
  /** How long one restore may take, 5 minutes or more. @default - 1 hour */
  readonly timeout?: Duration;
  /** Also the name of its role in Vault. @default vault-restore */
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
 * What the job's role in Vault has to be allowed: to see that the data is back.
 * @param mounts the job's
 */
export const restoreRules: (mounts?: CanaryProps) => PolicyRule[] = drillRules;

/** A day that never comes, should somebody end the suspension. */
const NEVER = "0 0 31 2 *";

/**
 * Gives empty servers the data of a snapshot, after all of them have lost theirs. It is there before it is needed, as a
 * suspended CronJob of which an operator makes a job:
 *
 *     kubectl -n vault create job vault-restore-now --from=cronjob/vault-restore
 *
 * Data that is there is never overwritten: where a server is initialised, the job stops.
 * @see https://developer.hashicorp.com/vault/docs/sysadmin/snapshots/restore
 * @throws ValidationError for fewer than one replica, an address of Vault that is not a Service's, a prefix without a
 * slash at its end, a timeout below 5 minutes, an image without a version
 */
export class DisasterRestore extends LibraryConstruct {
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
            // After a disaster the latest is what there is, however old.
            MAX_AGE_SECONDS: "",
            // An operator who wants another one than the latest sets it here.
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
      // What was begun is done before a drained node goes.
      gracePeriodSeconds: 120,
    });
    this.cronJob = new CronJobV1(this, "Resource", {
      metadata: { name: "vault-restore", namespace: vault.namespace, labels: pod.labels },
      spec: { ...repeated(pod, NEVER, 0), suspend: true },
    });
  }
}
