import { ClusterRoleBindingV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-binding-v1";
import { CronJobV1 } from "@cdktf/provider-kubernetes/lib/cron-job-v1";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import type { PolicyRule } from "../auth/policy-rule";
import { Cpu } from "../core/cpu";
import { Duration } from "../core/duration";
import { anyText, checkProps, list, object, text } from "../core/field";
import { duration, size as SIZE } from "../core/fields";
import { parseProperty } from "../core/format-error";
import { renderHcl } from "../core/hcl";
import { HostPort } from "../core/host-port";
import { claimObject } from "../core/kubernetes-claims";
import { received } from "../core/received";
import { Size } from "../core/size";
import { ValidationError } from "../core/validation-error";
import type { ContainerResources } from "../core/container-resources";
import { containerResources, jobImages, podOptionFields, seal, vault as VAULT } from "../server/fields";
import {
  type CanaryProps,
  canaryEnvironment,
  canaryFields,
  canaryMounts,
  canaryRule,
  countRules,
} from "./job-login";
import { JobPod } from "./job-pod";
import { repeated, requirePrefix, requireSchedule } from "./job-run";
import type { Seal } from "../server/seal";
import { type PodOptions, podOptions } from "../core/pod-options";
import type { IVault } from "../server/vault";

/** Properties of `RestoreDrill`. */
export interface RestoreDrillProps extends PodOptions, CanaryProps {
  /** Original Vault, which the drill must not reach. */
  readonly vault: IVault;
  /** Images of the job. */
  readonly images: {
    /** Image of the original servers, with its version. */
    readonly vault: string;
    /** Image that contains the aws command, with its version. */
    readonly awsCli: string;
  };
  /** AWS KMS seal of the original. No other key decrypts its data. */
  readonly seal: Seal;
  /** Bucket to which the backup uploads. */
  readonly bucketName: string;
  /** AWS region of the bucket. */
  readonly region: string;
  /** ARN of the IAM role that may read the bucket, and use the unseal key as the servers do. */
  readonly roleArn: string;
  /** Expected value of the field `value` in the secret `vault-platform/canary`: the name of the environment. */
  readonly canary: string;
  /** Cron schedule with five fields, in UTC. @default 0 4 * * 0 - weekly, two hours after the backup of the article */
  readonly schedule?: string;
  /** Prefix of the backup's object names. @default vault/ */
  readonly prefix?: string;
  /** Maximum age of the latest snapshot. @default 26 hours - one day, and two hours for a late backup */
  readonly maxAge?: Duration;
  /**
   * Databases and other systems in which the original creates credentials, as `host:port`, with IPv6 in brackets. The
   * drill first verifies that it cannot reach them, because a copy that reaches them would revoke the leases of the
   * original.
   * @default - none; the addresses of the original are always included
   */
  readonly mustNotReach?: readonly string[];
  /** Space for the snapshot, and the same again for the copy's data, on the node's disk. @default - 10 GiB */
  readonly snapshotSize?: Size;
  /** Resources of the restored Vault. @default - requests 250m and 512 MiB, limits 1 core and 1 GiB */
  readonly resources?: ContainerResources;
  /** Time limit of one drill, 5 minutes or more. @default - 1 hour */
  readonly timeout?: Duration;
  /** Name of the ServiceAccount, and of the job's role in Vault. @default vault-drill */
  readonly serviceAccountName?: string;
}

const PROPS = object<RestoreDrillProps>(() => ({
  ...podOptionFields,
  ...canaryFields,
  vault: VAULT,
  images: jobImages,
  seal,
  bucketName: text,
  region: text,
  roleArn: text,
  canary: text,
  schedule: anyText.optional(),
  prefix: anyText.optional(),
  maxAge: duration.optional(),
  mustNotReach: list(anyText).known().optional(),
  snapshotSize: SIZE.optional(),
  resources: containerResources.optional(),
  timeout: duration.optional(),
  serviceAccountName: text.optional(),
}));

/**
 * Rules for the policy of the job's role in Vault. They allow the job to read one secret and to count names.
 * @param mounts mounts of the job, as in the props of `RestoreDrill`
 */
export function drillRules(mounts: CanaryProps = {}): PolicyRule[] {
  checkProps("drillRules", canaryMounts, mounts);
  return [canaryRule(mounts), ...countRules(mounts)];
}

const DEFAULT_RESOURCES: ContainerResources = {
  requests: { cpu: Cpu.millis(250), memory: Size.mebibytes(512) },
  limits: { cpu: Cpu.units(1), memory: Size.gibibytes(1) },
};

/**
 * Weekly CronJob that restores the latest snapshot into a temporary Vault, to prove that it can be restored. It checks
 * that the snapshot is recent and complete, that the unseal key decrypts it, and that Kubernetes logins work. It also
 * checks the canary, and compares the number of mounts, policies and roles with the original.
 *
 * Download and restore share one pod. Network policies filter addresses, not services: S3 and KMS share the same
 * ranges. A second pod could therefore reach the same addresses, and the snapshot would need a volume between the pods.
 * Before it restores, the pod tries the addresses of the original and stops if one of them answers.
 * @see https://developer.hashicorp.com/vault/docs/commands/operator/raft#snapshot-restore
 * @throws ValidationError for a seal other than AWS KMS, an invalid cron schedule, an address without a port, a timeout
 * below 5 minutes, an image without a version
 */
export class RestoreDrill extends LibraryConstruct {
  /** The CronJob resource. */
  readonly cronJob: CronJobV1;

  constructor(scope: Construct, id: string, props: RestoreDrillProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { vault, prefix = "vault/", schedule = "0 4 * * 0", timeout = Duration.hours(1) } = props;
    requireSchedule(this, schedule);
    requirePrefix(this, prefix);
    const { stanza, environment } = props.seal.configuration;
    if (props.seal.type !== "awskms" || !stanza) {
      throw new ValidationError(
        this,
        `seal must be Seal.awsKms, because the pod has an AWS role and nothing else, got ${received(props.seal.type ?? "shamir")}`,
      );
    }
    const size = props.snapshotSize ?? Size.gibibytes(10);
    const serviceAccountName = props.serviceAccountName ?? "vault-drill";
    const pod = new JobPod(this, "Pod", {
      vault,
      ...podOptions(props),
      component: "drill",
      serviceAccountName,
      roleArn: props.roleArn,
      region: props.region,
      steps: [
        {
          name: "fetch",
          image: props.images.awsCli,
          script: "drill-fetch.sh",
          environment: {
            BUCKET: props.bucketName,
            PREFIX: prefix,
            MAX_AGE_SECONDS: String((props.maxAge ?? Duration.hours(26)).toSeconds()),
          },
        },
        {
          name: "restore",
          image: props.images.vault,
          script: "drill-restore.sh",
          environment: {
            ...environment,
            ...canaryEnvironment(this, props, serviceAccountName),
            CANARY_VALUE: props.canary,
            FORBIDDEN_TARGETS: this.forbiddenTargets(props).join(" "),
          },
          vaultAccess: true,
          // Like the original, the copy reviews tokens with the ServiceAccount of its pod.
          kubernetesAccess: true,
          resources: props.resources ?? DEFAULT_RESOURCES,
        },
      ],
      files: ["counts.sh"],
      texts: { "seal.hcl": renderHcl([stanza]) },
      volumes: [
        { name: "snapshot", mountPath: "/snapshot", size },
        { name: "data", mountPath: "/vault/data", size },
        // The audit devices are restored too, and the copy does not serve requests if none of them can write.
        { name: "audit", mountPath: "/vault/audit", size: Size.mebibytes(256) },
      ],
      timeout,
      gracePeriodSeconds: 60,
    });
    const reviewer = `${vault.namespace}-${serviceAccountName}-token-reviewer`;
    claimObject(this, "ClusterRoleBinding", { name: reviewer });
    new ClusterRoleBindingV1(this, "TokenReviewer", {
      metadata: { name: reviewer, labels: pod.labels },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:auth-delegator" },
      subject: [{ kind: "ServiceAccount", name: serviceAccountName, namespace: vault.namespace }],
    });
    this.cronJob = new CronJobV1(this, "Resource", {
      metadata: { name: "vault-restore-drill", namespace: vault.namespace, labels: pod.labels },
      spec: repeated(pod, schedule, 0),
    });
  }

  private forbiddenTargets({ vault, mustNotReach = [] }: RestoreDrillProps): string[] {
    for (const [index, target] of mustNotReach.entries()) {
      parseProperty(this, `mustNotReach[${index}]`, target, HostPort.parse);
    }
    const original = [vault.address, vault.activeAddress].map((url) => url.replace("https://", ""));
    return [...original, ...mustNotReach];
  }
}
