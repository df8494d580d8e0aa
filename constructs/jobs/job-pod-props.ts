import type { Duration } from "../core/duration";
import { flag, list, number, object, oneOf, text } from "../core/field";
import { duration, pairs, size } from "../core/fields";
import type { Size } from "../core/size";
import type { ContainerResources } from "../core/container-resources";
import { containerResources, podOptionFields, vault } from "../server/fields";
import type { Component } from "../network/labels";
import type { PodOptions } from "../core/pod-options";
import type { IVault } from "../server/vault";

/** Container of a job. The steps run one after the other. */
export interface JobStep {
  /** Name of the container. */
  readonly name: string;
  /** Image with its version. It must contain `sh`. */
  readonly image: string;
  /** File in `scripts/` that the step runs. */
  readonly script: string;
  /** Additional variables for the script. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Mounts a ServiceAccount token that only Vault accepts, and the CA of Vault's certificate. @default false */
  readonly vaultAccess?: boolean;
  /** Mounts a ServiceAccount token that the Kubernetes API server accepts. @default false */
  readonly kubernetesAccess?: boolean;
  /**
   * Resources of the container.
   * @default - requests 50m and 64 MiB, limits 500m and 512 MiB: the vault command alone uses 160 MiB
   */
  readonly resources?: ContainerResources;
}

/** Volume that all steps of a pod share. It is deleted with the pod. */
export interface ScratchVolume {
  /** Name of the volume. */
  readonly name: string;
  /** Mount path in each container. */
  readonly mountPath: string;
  /** Size limit of the volume. */
  readonly size: Size;
}

/** Properties of `JobPod`. */
export interface JobPodProps extends PodOptions {
  /** Vault of the job. The pod runs in its namespace. */
  readonly vault: IVault;
  /** Component label of the pod, by which its network policy selects it. */
  readonly component: Exclude<Component, "server" | "injector">;
  /** Name of the ServiceAccount that the construct creates. */
  readonly serviceAccountName: string;
  /** ARN of the IAM role that the ServiceAccount assumes (IRSA). @default - none */
  readonly roleArn?: string;
  /** AWS region of the role and of the resources that it uses. @default - none */
  readonly region?: string;
  /** Steps of the job, one or more. */
  readonly steps: readonly JobStep[];
  /** Additional files in `scripts/` that the steps read. `common.sh` is always mounted. @default - none */
  readonly files?: readonly string[];
  /** Generated files: file name to content. @default - none */
  readonly texts?: Readonly<Record<string, string>>;
  /** Volumes that all steps share. @default - none */
  readonly volumes?: readonly ScratchVolume[];
  /** Time limit of all steps together, 5 minutes or more. */
  readonly timeout: Duration;
  /** Seconds that the pod may continue after the termination signal, so that it can complete a step. @default 30 */
  readonly gracePeriodSeconds?: number;
}

const STEP = object<JobStep>(() => ({
  name: text,
  image: text,
  script: text.known(),
  environment: pairs.optional(),
  vaultAccess: flag.optional(),
  kubernetesAccess: flag.optional(),
  resources: containerResources.optional(),
}));

const VOLUME = object<ScratchVolume>(() => ({ name: text, mountPath: text, size }));

/** Validates `JobPodProps`. */
export const JOB_POD = object<JobPodProps>(() => ({
  ...podOptionFields,
  vault,
  component: oneOf("bootstrap", "backup", "drill", "restore", "rollout", "dr-replication"),
  serviceAccountName: text,
  roleArn: text.optional(),
  region: text.optional(),
  steps: list(STEP, 1),
  files: list(text.known()).known().optional(),
  texts: pairs.optional(),
  volumes: list(VOLUME).optional(),
  timeout: duration,
  gracePeriodSeconds: number.optional(),
}));
