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

export interface RestoreDrillProps extends PodOptions, CanaryProps {
  /** The original, which the drill must not reach. */
  readonly vault: IVault;
  readonly images: {
    /** Image of the original's servers, with its version. */
    readonly vault: string;
    /** Image with the aws command, with its version. */
    readonly awsCli: string;
  };
  /** Seal of the original: its data opens with no other key. An AWS KMS seal. */
  readonly seal: Seal;
  /** Bucket that the backup uploads to. */
  readonly bucketName: string;
  /** AWS region of the bucket. */
  readonly region: string;
  /** ARN of the role that may read the bucket, and use the unseal key as the servers do. */
  readonly roleArn: string;
  /** What the secret `vault-platform/canary` says in its field `value`: the name of the environment. */
  readonly canary: string;
  /** Five fields, in UTC. @default - 0 4 * * 0, weekly, two hours after the article's backup */
  readonly schedule?: string;
  /** What the names of the backup's objects start with. @default vault/ */
  readonly prefix?: string;
  /** How old the latest snapshot may be. @default - 26 hours: a day, and two hours for a backup that is late */
  readonly maxAge?: Duration;
  /**
   * Databases and whatever else the original makes credentials in, as `host:port`, IPv6 in brackets. The drill first sees that it
   * reaches none of them, because a copy that did would revoke the original's leases.
   * @default - none; the original's own addresses are always among them
   */
  readonly mustNotReach?: readonly string[];
  /** Room for the snapshot, and again for the copy's data, on the node's disk. @default - 10 GiB */
  readonly snapshotSize?: Size;
  /** @default - requests 250m and 512 MiB, limits 1 core and 1 GiB */
  readonly resources?: ContainerResources;
  /** How long one drill may take, 5 minutes or more. @default - 1 hour */
  readonly timeout?: Duration;
  /** Also the name of its role in Vault. @default vault-drill */
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
 * What the job's role in Vault has to be allowed: one secret, and names to count.
 * @param mounts the job's
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
 * Restores the latest snapshot week by week, into a Vault that lives for as long as that takes, to know that it can
 * be restored: young enough, whole, opened by the unseal key, logged in to by Kubernetes, with the canary and as many
 * mounts, policies and roles as the original had.
 *
 * Fetching and restoring share one pod. Network policies see addresses and not services: S3 and KMS are behind the
 * same ranges, so a second pod would reach exactly what the first one does, and the snapshot would lie on a volume in
 * between. The pod tries the original's addresses before it restores anything and stops when one answers.
 * @see https://developer.hashicorp.com/vault/docs/commands/operator/raft#snapshot-restore
 * @throws ValidationError for a seal other than AWS KMS, a schedule that Kubernetes would not read, an address without
 * a port, a timeout below 5 minutes, an image without a version
 */
export class RestoreDrill extends LibraryConstruct {
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
          // The copy has tokens reviewed as the original does: by the ServiceAccount of its own pod.
          kubernetesAccess: true,
          resources: props.resources ?? DEFAULT_RESOURCES,
        },
      ],
      files: ["counts.sh"],
      texts: { "seal.hcl": renderHcl([stanza]) },
      volumes: [
        { name: "snapshot", mountPath: "/snapshot", size },
        { name: "data", mountPath: "/vault/data", size },
        // The original's audit devices are restored with it, and the copy refuses to serve when none can write.
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
