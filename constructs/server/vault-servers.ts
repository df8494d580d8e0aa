import type { Construct } from "constructs";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import type { IVault } from "./vault";

/**
 * Returns the name of Vault's Helm release. Pods and volumes are named after it.
 * @throws ValidationError for an address that is not a Service's: the servers behind it are unknown
 */
export function releaseOf(scope: Construct, { address }: IVault): string {
  if (!isLiteral(address)) {
    throw new ValidationError(scope, `vault.address must be known at synthesis, got ${received(address)}`);
  }
  const release = /^https:\/\/([a-z0-9-]+)\.[a-z0-9-]+\.svc:8200$/.exec(address)?.[1];
  if (!release) {
    throw new ValidationError(
      scope,
      `vault.address must be that of a Service, https://<release>.<namespace>.svc:8200, so that its servers are known, got ${received(address)}`,
    );
  }
  return release;
}

/** Returns the URL of each server. */
export function serverAddresses(namespace: string, release: string, servers: readonly string[]): string[] {
  return servers.map((server) => `https://${server}.${release}-internal.${namespace}.svc:8200`);
}

/** Returns the command with which an operator empties an initialised cluster whose keys are lost. */
export function wipeCommand(namespace: string, release: string, servers: readonly string[]): string {
  const scale = (count: number) => `kubectl -n ${namespace} scale statefulset ${release} --replicas=${count}`;
  const volumes = servers.map((server) => `data-${server}`).join(" ");
  return [
    scale(0),
    `kubectl -n ${namespace} delete persistentvolumeclaim ${volumes}`,
    scale(servers.length),
  ].join(" && ");
}

/**
 * Returns the names of Vault's pods.
 * @throws ValidationError for fewer than one replica
 */
export function serverNames(scope: Construct, release: string, replicas: number): string[] {
  if (!Number.isInteger(replicas) || replicas < 1) {
    throw new ValidationError(scope, `replicas must be 1 or more servers, got ${received(replicas)}`);
  }
  return Array.from({ length: replicas }, (_, ordinal) => `${release}-${ordinal}`);
}
