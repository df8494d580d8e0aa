import type { Duration } from "../core/duration";
import { flag, list, number, object, oneOf, text } from "../core/field";
import { duration, pairs, size } from "../core/fields";
import type { Size } from "../core/size";
import type { ContainerResources } from "../core/container-resources";
import { containerResources, podOptionFields, vault } from "../server/fields";
import type { Component } from "../network/labels";
import type { PodOptions } from "../core/pod-options";
import type { IVault } from "../server/vault";

/** One container of a job; the steps run one after the other. */
export interface JobStep {
  readonly name: string;
  /** Image with its version; it has to have `sh`. */
  readonly image: string;
  /** File of `scripts/` that the step runs. */
  readonly script: string;
  /** Variables that the script reads, besides those of all steps. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Mounts a token of the pod's ServiceAccount that only Vault accepts, and the CA of Vault's certificate. */
  readonly vaultAccess?: boolean;
  /** Mounts a token of the pod's ServiceAccount that the API server accepts. */
  readonly kubernetesAccess?: boolean;
  /** @default - requests 50m and 64 MiB, limits 500m and 512 MiB: the vault command alone takes 160 MiB */
  readonly resources?: ContainerResources;
}

/** A volume that all steps of a pod share, and that is gone with the pod. */
export interface ScratchVolume {
  readonly name: string;
  readonly mountPath: string;
  readonly size: Size;
}

export interface JobPodProps extends PodOptions {
  readonly vault: IVault;
  readonly component: Exclude<Component, "server" | "injector">;
  readonly serviceAccountName: string;
  /** ARN of the role that the ServiceAccount assumes (IRSA). @default - none */
  readonly roleArn?: string;
  /** AWS region of the role and of what it reaches. @default - none */
  readonly region?: string;
  readonly steps: readonly JobStep[];
  /** Files of `scripts/` that the steps' scripts read. `common.sh` is always there. @default - none */
  readonly files?: readonly string[];
  /** Files that are made by the program, by their names. @default - none */
  readonly texts?: Readonly<Record<string, string>>;
  /** @default - none */
  readonly volumes?: readonly ScratchVolume[];
  /** How long all steps may take together, 5 minutes or more. */
  readonly timeout: Duration;
  /** How long a pod may go on after it was told to end, so that it is not cut off in the middle. Seconds. @default 30 */
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
