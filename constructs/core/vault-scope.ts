import { Construct, type IConstruct } from "constructs";
import { received } from "./received";
import { isLiteral } from "./tokens";
import { ValidationError } from "./validation-error";
import { RESERVED_NAMESPACES } from "./vault-reserved";

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
 * Parts a path, or a pattern of a policy, after each namespace that it can lead into, beginning with the root namespace:
 * `teams/+/policies/acl/x` is `sys/policies/acl/x` of `teams`, too.
 * @param full from the root namespace
 * @param namespaces that there are, see `knownNamespaces`
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
      // A pattern that ends on the way has a star there, which stands for all that is in the namespace, too.
      path: depth < segments.length ? segments.slice(depth).join("/") : "*",
    }));
}

/** Where a path, or a pattern, leads by its own words: a wildcard at its start stands for mounts as well. */
export function partAtNamespace(full: string, namespaces: readonly string[]): NamespacedPath {
  const [outermost, ...others] = partAtNamespaces(full, namespaces);
  return /^[^/]*[+*](\/|$)/.test(full) ? outermost : (others.at(-1) ?? outermost);
}

/** Whether a namespace of such a path can be another one. */
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
 * Namespaces that there are, and that there will be: one that holds namespaces and nothing else has further ones made in
 * it, for any of which `+` stands.
 * @param made paths of those that the program makes
 * @param inhabited paths of those in which it makes something else
 */
export function knownNamespaces(made: readonly string[], inhabited: readonly string[]): string[] {
  const holders = made.filter((namespace) => !inhabited.includes(namespace));
  const all = [...made, ...inhabited, ...holders.map((namespace) => `${namespace}/+`)];
  return [...new Set(all)].filter((namespace) => namespace !== "");
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
    `${what} must be made outside of namespaces of Vault Enterprise, because Vault has it for all of them, got ${received(namespace)}`,
  );
}

/**
 * For what Vault looks up in the namespace of the one who names it, and in no other.
 * @param what as the message names it
 * @param other what is named; attributes of what another stack makes have no place of their own
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

/** Whether Vault lets a namespace have such a name, and the path of one such a segment. */
export function isNamespaceName(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]*$/.test(name) && !RESERVED_NAMESPACES.includes(name);
}

/**
 * For the path of a namespace that is made elsewhere: a rule on another spelling of it would match nothing.
 * @throws ValidationError for one that is not clean
 */
export function requireNamespacePath(scope: IConstruct, prop: string, path: string): void {
  if (!isLiteral(path) || path.split("/").every(isNamespaceName)) return;
  throw new ValidationError(
    scope,
    `${prop} must be names parted by single slashes, such as teams/payments, got ${received(path)}`,
  );
}

/** A namespace as messages name it. */
export function describeNamespace(namespace: string): string {
  return namespace || "the root namespace";
}
