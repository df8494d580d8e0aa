import type { IConstruct } from "constructs";
import { ValidationError } from "./validation-error";

const CONTEXT = "vault-platform:namespace";

/** Has everything beneath a construct made in a namespace of Vault Enterprise. To be called before it has children. */
export function enterNamespace(scope: IConstruct, path: string): void {
  scope.node.setContext(CONTEXT, path);
}

/** Path of the namespace of Vault Enterprise that a construct is in, from the provider's own; that itself is "". */
export function namespaceOf(scope: IConstruct): string {
  return (scope.node.tryGetContext(CONTEXT) as string | undefined) ?? "";
}

/** A path of Vault's API as it is asked for from outside the namespace. */
export function pathFromRoot(scope: IConstruct, path: string): string {
  const namespace = namespaceOf(scope);
  return namespace === "" ? path : `${namespace}/${path}`;
}

/** Where a path leads that is asked for, or granted, from the root namespace. */
export interface NamespacedPath {
  /** Namespace of Vault Enterprise; `+` stands for one segment. "" for the root namespace. */
  readonly namespace: string;
  /** Path of Vault's API there. */
  readonly path: string;
}

/**
 * Parts a path, or a pattern of a policy, after the innermost namespace that it leads into.
 * @param full from the root namespace
 * @param namespaces that there are; `+` in one stands for itself alone
 */
export function partAtNamespace(full: string, namespaces: readonly string[]): NamespacedPath {
  const segments = full.split("/");
  const depths = namespaces
    .filter((namespace) => namespace !== "")
    .map((namespace) => namespace.split("/"))
    .filter((namespace) => leadsInto(segments, namespace))
    .map(({ length }) => length);
  const depth = Math.max(0, ...depths);
  return { namespace: segments.slice(0, depth).join("/"), path: segments.slice(depth).join("/") };
}

/** Whether a namespace of such a path can be another one. */
export function canBeNamespace(namespace: string, other: string): boolean {
  const [segments, others] = [namespace.split("/"), other.split("/")];
  return segments.length === others.length && leadsInto(segments, others);
}

/** A wildcard at the start stands for mounts as well. */
function leadsInto(segments: readonly string[], namespace: readonly string[]): boolean {
  return namespace.every((part, index) => segments[index] === part || (index > 0 && segments[index] === "+"));
}

/**
 * For what Vault has once, for all of its namespaces.
 * @throws ValidationError within a namespace
 */
export function requireRootNamespace(scope: IConstruct, what: string): void {
  const namespace = namespaceOf(scope);
  if (namespace === "") return;
  throw new ValidationError(
    scope,
    `${what} must be made outside of namespaces of Vault Enterprise, because Vault has it for all of them, got ${namespace}`,
  );
}
