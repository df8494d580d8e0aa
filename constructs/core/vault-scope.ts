import { Construct, type IConstruct } from "constructs";
import { received } from "./received";
import { isLiteral } from "./tokens";
import { ValidationError } from "./validation-error";
import { RESERVED_NAMESPACES } from "./vault-reserved";

const CONTEXT = "vault-platform:namespace";

/** Puts everything below a construct into a Vault Enterprise namespace. Call it before the construct has children. */
export function enterNamespace(scope: IConstruct, path: string): void {
  scope.node.setContext(CONTEXT, path);
}

/** Path of the Vault Enterprise namespace of a construct, below the provider's own namespace, which is "". */
export function namespaceOf(scope: IConstruct): string {
  return (scope.node.tryGetContext(CONTEXT) as string | undefined) ?? "";
}

/** Returns a path of Vault's API as requested from outside the namespace. */
export function pathFromRoot(scope: IConstruct, path: string): string {
  const namespace = namespaceOf(scope);
  return namespace === "" ? path : `${namespace}/${path}`;
}

/** Namespace and path to which a path from the root namespace leads. */
export interface NamespacedPath {
  /** Vault Enterprise namespace, or "" for the root namespace; `+` stands for one segment. */
  readonly namespace: string;
  /** Path of Vault's API in the namespace. */
  readonly path: string;
}

/**
 * Splits a path or a policy pattern after each namespace that it can lead into, beginning with the root namespace. For
 * example, `teams/+/policies/acl/x` is also `sys/policies/acl/x` of `teams`.
 * @param full path or pattern from the root namespace
 * @param namespaces existing namespaces, see `knownNamespaces`
 */
export function partAtNamespaces(full: string, namespaces: readonly string[]): NamespacedPath[] {
  const segments = full.split("/");
  const depths = namespaces
    .map((namespace) => namespace.split("/"))
    .filter((namespace) => leadsInto(segments, namespace))
    .map(({ length }) => length);
  return [...new Set([0, ...depths])]
    .sort((one, other) => one - other)
    .map((depth) => ({
      namespace: segments.slice(0, depth).join("/"),
      // A pattern that ends before this depth has a star there, which also stands for everything in the namespace.
      path: depth < segments.length ? segments.slice(depth).join("/") : "*",
    }));
}

/**
 * Splits a path or a pattern after the innermost namespace. A wildcard at its start also stands for mounts: such a
 * pattern stays in the root namespace.
 */
export function partAtNamespace(full: string, namespaces: readonly string[]): NamespacedPath {
  const [outermost, ...others] = partAtNamespaces(full, namespaces);
  return /^[^/]*[+*](\/|$)/.test(full) ? outermost : (others.at(-1) ?? outermost);
}

/** Returns true if the namespace of a `NamespacedPath`, with its wildcards, can be the other one. */
export function canBeNamespace(namespace: string, other: string): boolean {
  const [segments, others] = [namespace.split("/"), other.split("/")];
  return segments.length === others.length && leadsInto(segments, others);
}

function leadsInto(segments: readonly string[], namespace: readonly string[]): boolean {
  const last = segments.length - 1;
  const isOpen = segments[last].endsWith("*");
  return namespace.every((part, index) => {
    if (index > last) return isOpen;
    const segment = segments[index];
    if (index === last && isOpen) return part === "+" || part.startsWith(segment.slice(0, -1));
    return segment === part || segment === "+" || (part === "+" && !RESERVED_NAMESPACES.includes(segment));
  });
}

/**
 * Existing and expected namespaces. A namespace that contains only namespaces is expected to get further ones, for
 * which `+` stands.
 * @param made paths of the namespaces that the CDK app creates
 * @param inhabited paths of the namespaces in which it creates other objects
 */
export function knownNamespaces(made: readonly string[], inhabited: readonly string[]): string[] {
  const holders = made.filter((namespace) => !inhabited.includes(namespace));
  const all = [...made, ...inhabited, ...holders.map((namespace) => `${namespace}/+`)];
  return [...new Set(all)].filter((namespace) => namespace !== "");
}

/**
 * Requires the root namespace, for an object that Vault has once for all namespaces.
 * @throws ValidationError within a namespace
 */
export function requireRootNamespace(scope: IConstruct, what: string): void {
  const namespace = namespaceOf(scope);
  if (namespace === "") return;
  throw new ValidationError(
    scope,
    `${what} must be made outside of namespaces of Vault Enterprise, because Vault has it for all of them, got ${received(namespace)}`,
  );
}

/**
 * Requires a referenced object in the same namespace, because Vault looks it up only there.
 * @param what name of the reference in the message
 * @param other referenced object; attributes of an object in another stack have no namespace and are accepted
 * @throws ValidationError for a construct of another namespace
 */
export function requireSameNamespace(scope: IConstruct, what: string, other: object): void {
  if (!Construct.isConstruct(other) || namespaceOf(other) === namespaceOf(scope)) return;
  throw new ValidationError(
    scope,
    `${what} must be in the same namespace of Vault Enterprise, which is ${describeNamespace(namespaceOf(scope))}, ` +
      `got ${received(other.node.path)} in ${describeNamespace(namespaceOf(other))}`,
  );
}

/** Returns true if Vault accepts the name of a namespace, or one segment of its path. */
export function isNamespaceName(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]*$/.test(name) && !RESERVED_NAMESPACES.includes(name);
}

/**
 * Requires the canonical path of a namespace that is created elsewhere. A rule on another spelling would match nothing.
 * @throws ValidationError for another spelling
 */
export function requireNamespacePath(scope: IConstruct, prop: string, path: string): void {
  if (!isLiteral(path) || path.split("/").every(isNamespaceName)) return;
  throw new ValidationError(
    scope,
    `${prop} must be names parted by single slashes, such as teams/payments, got ${received(path)}`,
  );
}

/** Returns a namespace as messages name it. */
export function describeNamespace(namespace: string): string {
  return namespace || "the root namespace";
}
