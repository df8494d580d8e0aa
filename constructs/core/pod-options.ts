import type { OutboundProxy } from "./outbound-proxy";

/** What pods need because of the cluster that they run in. */
export interface PodOptions {
  /**
   * Names of Secrets (type kubernetes.io/dockerconfigjson) of the pods' namespace, by which nodes log in to the registry
   * of the images. Somebody else creates them. @default - none: the registry needs no login
   */
  readonly imagePullSecrets?: readonly string[];
  /** Proxy through which the pods reach what is outside the cluster. @default - none */
  readonly proxy?: OutboundProxy;
}

/** The options alone, of props that have others beside them. */
export function podOptions({ imagePullSecrets, proxy }: PodOptions): PodOptions {
  return { imagePullSecrets, proxy };
}

/**
 * References to Secrets, as objects of Kubernetes and charts have them.
 * @returns nothing where there are none
 */
export function secretReferences(names: readonly string[] = []): { name: string }[] | undefined {
  return names.length > 0 ? names.map((name) => ({ name })) : undefined;
}

/** Variables of a container, as objects of Kubernetes have them. */
export function environmentVariables(
  variables: Readonly<Record<string, string>>,
): { name: string; value: string }[] {
  return Object.entries(variables).map(([name, value]) => ({ name, value }));
}
