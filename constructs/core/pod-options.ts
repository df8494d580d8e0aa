import type { OutboundProxy } from "./outbound-proxy";

/** Options of pods that depend on the cluster in which they run. */
export interface PodOptions {
  /**
   * Names of Secrets (type kubernetes.io/dockerconfigjson) in the pods' namespace. Nodes use them to log in to the
   * registry of the images. Create them separately. @default - none: the registry needs no login
   */
  readonly imagePullSecrets?: readonly string[];
  /** Proxy through which the pods reach destinations outside the cluster. @default - none */
  readonly proxy?: OutboundProxy;
}

/** Returns only the pod options of properties that include others. */
export function podOptions({ imagePullSecrets, proxy }: PodOptions): PodOptions {
  return { imagePullSecrets, proxy };
}

/**
 * References to Secrets, in the form of Kubernetes objects and charts.
 * @returns undefined if there are none
 */
export function secretReferences(names: readonly string[] = []): { name: string }[] | undefined {
  return names.length > 0 ? names.map((name) => ({ name })) : undefined;
}

/** Environment variables of a container, in the form of Kubernetes objects. */
export function environmentVariables(
  variables: Readonly<Record<string, string>>,
): { name: string; value: string }[] {
  return Object.entries(variables).map(([name, value]) => ({ name, value }));
}
