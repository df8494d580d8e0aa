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
