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

/** Path of the namespace of Vault Enterprise that a resource is in, "" for the root namespace. */
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

/** Namespaces that policies may reach into. */
const reachableIn = memo((platform: Platform): string[] => {
  const inhabited = platform.elements
    .filter(({ block, type }) => block === "resource" && /^vault_(?!namespace$)/.test(type))
    .map(vaultNamespaceOf);
  return knownNamespaces(platform.resources("vault_namespace").map(pathOf), inhabited);
});

/** Where a path of a policy leads: policies may reach into namespaces below their own. */
export function targetOf(policy: Element, path: string): NamespacedPath {
  const namespaces = reachableIn(policy.platform);
  return namespaces.length === 0
    ? { namespace: "", path }
    : partAtNamespace(fullOf(policy, path), namespaces);
}

/** The same with whatever else a wildcard in it stands for. */
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
