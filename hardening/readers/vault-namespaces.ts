import {
  type NamespacedPath,
  knownNamespaces,
  partAtNamespace,
  partAtNamespaces,
} from "../../constructs/core/vault-scope";
import type { Element } from "../element";
import { memo } from "../memo";
import type { Platform } from "../platform";
import { text } from "./blocks";

/** Path of a resource's namespace of Vault Enterprise; "" for the root namespace. */
export const vaultNamespaceOf = memo((element: Element): string => {
  const { platform, body } = element;
  const namespace = text(body.namespace) ?? "";
  if (namespace === "") return "";
  const id = /^\$\{vault_namespace\.([\w-]+)\.(path_fq|path|id)\}$/.exec(namespace)?.[1];
  const made = platform.resources("vault_namespace").find(({ name }) => name === id);
  return made ? pathOf(made) : namespace.replace(/^\/|\/$/g, "");
});

/** Full path of a namespace. */
function pathOf(namespace: Element): string {
  return [vaultNamespaceOf(namespace), text(namespace.body.path)].filter(Boolean).join("/");
}

/** Namespaces that policies can reach. */
const reachableIn = memo((platform: Platform): string[] => {
  const inhabited = platform.elements
    .filter(({ block, type }) => block === "resource" && /^vault_(?!namespace$)/.test(type))
    .map(vaultNamespaceOf);
  return knownNamespaces(platform.resources("vault_namespace").map(pathOf), inhabited);
});

/** Namespace and path that a policy path addresses. Policies can reach namespaces below their own. */
export function targetOf(policy: Element, path: string): NamespacedPath {
  const namespaces = reachableIn(policy.platform);
  return namespaces.length === 0
    ? { namespace: "", path }
    : partAtNamespace(fullOf(policy, path), namespaces);
}

/** Namespaces and paths that a policy path addresses, including all that a wildcard in it matches. */
export function targetsOf(policy: Element, path: string): NamespacedPath[] {
  const namespaces = reachableIn(policy.platform);
  if (namespaces.length === 0) return [{ namespace: "", path }];
  const own = vaultNamespaceOf(policy);
  const isReached = ({ namespace }: NamespacedPath) => namespace.length >= own.length;
  return partAtNamespaces(fullOf(policy, path), namespaces).filter(isReached);
}

function fullOf(policy: Element, path: string): string {
  return [vaultNamespaceOf(policy), path].filter(Boolean).join("/");
}
