import { unescaped } from "../../constructs/core/literal";
import type { NamespacedPath } from "../../constructs/core/vault-scope";
import type { Element } from "../element";
import { memo } from "../memo";
import { blocks, isReference, text, texts } from "./blocks";
import { configMapOf, hclEntries } from "./config-maps";
import { attribute, blocksOf, parseHcl } from "./hcl";
import { targetOf, targetsOf } from "./vault-namespaces";

/** One path of a policy and what may be done there. */
export interface PolicyPath {
  /** As it was written. */
  readonly path: string;
  /** Where it leads, which may be another namespace of Vault Enterprise. */
  readonly target: NamespacedPath;
  /** Where else it leads, if a wildcard stands for what is a namespace and for what is none. */
  readonly targets: readonly NamespacedPath[];
  readonly capabilities: readonly string[];
}

/** A policy of Vault, wherever it is written. */
export interface VaultPolicy {
  /** Name, or the file in a ConfigMap. */
  readonly name: string;
  readonly paths: readonly PolicyPath[];
}

/** What `policy = "..."` of old policies stands for. */
const SHORTHANDS: Readonly<Record<string, readonly string[]>> = {
  deny: ["deny"],
  read: ["read", "list"],
  write: ["create", "read", "update", "delete", "list"],
  sudo: ["create", "read", "update", "delete", "list", "sudo"],
};

/** The policies that an element writes: as a resource, as a policy document, or as a file that some pod applies. */
export const policiesOf = memo((element: Element): VaultPolicy[] => {
  const { block: kind, type, body, name } = element;
  if (kind === "resource" && type === "vault_policy") {
    const source = text(body.policy) ?? "";
    return isReference(source) || isKept(body)
      ? []
      : [{ name: text(body.name) ?? name, paths: parsePolicy(element, source) }];
  }
  if (kind === "data" && type === "vault_policy_document") {
    const paths = blocks(body.rule).map((rule) =>
      pathFrom(element, text(rule.path) ?? "", texts(rule.capabilities)),
    );
    return [{ name, paths }];
  }
  const configMap = configMapOf(element);
  return (configMap ? hclEntries(configMap) : [])
    .filter(([, content]) => /^\s*path\s+"/m.test(content) && /\bcapabilities\s*=/.test(content))
    .map(([file, content]) => ({ name: file, paths: parsePolicy(element, content) }));
});

/** True for an imported policy whose text Terraform leaves as it is in Vault; the argument is a placeholder then. */
function isKept({ lifecycle }: Element["body"]): boolean {
  return blocks(lifecycle).some(({ ignore_changes: ignored }) => texts(ignored).includes("policy"));
}

function parsePolicy(element: Element, source: string): PolicyPath[] {
  return blocksOf(parseHcl(unescaped(source)), "path").map((block) => {
    const listed = block.attributes.capabilities;
    const shorthand = attribute(block, "policy");
    const capabilities = listed === undefined ? SHORTHANDS[shorthand ?? ""] : texts(listed);
    return pathFrom(element, block.labels[0] ?? "", capabilities ?? []);
  });
}

function pathFrom(element: Element, path: string, capabilities: readonly string[]): PolicyPath {
  return { path, target: targetOf(element, path), targets: targetsOf(element, path), capabilities };
}

/** True for rights by which something is changed; sudo by itself changes nothing. */
export function writes({ capabilities }: PolicyPath): boolean {
  return ["create", "update", "patch", "delete"].some((it) => capabilities.includes(it));
}

export function denies({ capabilities }: PolicyPath): boolean {
  return capabilities.length === 0 || capabilities.includes("deny");
}

/**
 * Whether some path matches both patterns. `+` and templates stand for one segment, `*` at the end for any rest.
 * @see https://developer.hashicorp.com/vault/docs/concepts/policies#policy-syntax
 */
export function overlap(one: string, other: string): boolean {
  return overlapFrom(one.replace(/\{\{[^}]*\}\}/g, "+").split("/"), other.split("/"));
}

function overlapFrom(one: readonly string[], other: readonly string[]): boolean {
  if (one.length === 0 || other.length === 0) return one.length === other.length;
  const [first, ...restOfOne] = one;
  const [second, ...restOfOther] = other;
  if (restOfOne.length === 0 && first.endsWith("*")) return second === "+" || startsAlike(first, second);
  if (restOfOther.length === 0 && second.endsWith("*"))
    return first.includes("+") || startsAlike(second, first);
  return (first.includes("+") || second === "+" || first === second) && overlapFrom(restOfOne, restOfOther);
}

function startsAlike(glob: string, segment: string): boolean {
  const prefix = glob.slice(0, -1);
  return segment.startsWith(prefix) || (segment.endsWith("*") && prefix.startsWith(segment.slice(0, -1)));
}
