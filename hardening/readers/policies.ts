import { policyDocumentText, policyTextsOf } from "../../analysis/vault/policy-texts";
import { unescaped } from "../../constructs/core/literal";
import type { NamespacedPath } from "../../constructs/core/vault-scope";
import { PolicyError } from "../../constructs/policy/policy-error";
import { type PathRule, parsePolicy } from "../../constructs/policy/vault-policy";
import type { Element } from "../element";
import { memo } from "../memo";
import { blocks, isReference, texts } from "./blocks";
import { configMapOf, hclEntries } from "./config-maps";
import { targetOf, targetsOf } from "./vault-namespaces";

/** One path of a policy and what may be done there. */
export interface PolicyPath {
  /** As Vault reads it: without escapes and without a leading slash. */
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
  /** Why its text cannot be read. @default - it can be */
  readonly problem?: string;
}

/** The policies that an element writes: as a resource, as a policy document, or as a file that some pod applies. */
export const policiesOf = memo((element: Element): VaultPolicy[] => {
  const { block: kind, type, body, name } = element;
  if (kind === "resource" && /^vault_/.test(type)) {
    if (isReference(body.policy) || isKept(body)) return [];
    return policyTextsOf(type, argumentsOf(body)).flatMap((policy) =>
      typeof policy.text === "string" ? [read(element, policy.name, policy.text)] : [],
    );
  }
  if (kind === "data" && type === "vault_policy_document") {
    return [read(element, name, unescaped(policyDocumentText(blocks(body.rule))))];
  }
  const configMap = configMapOf(element);
  return (configMap ? hclEntries(configMap) : [])
    .map(([file, content]) => ({ content, policy: read(element, file, content) }))
    .filter(({ content, policy }) => policy.paths.length > 0 || (policy.problem && LIKE_POLICY.test(content)))
    .map(({ policy }) => policy);
});

/** Other HCL and JSON is no policy either, and is not read as one. */
const LIKE_POLICY = /^\s*"?path"?\s+"[\s\S]*\b(capabilities|policy)"?\s*=/m;

/** True for an imported policy whose text Terraform leaves as it is in Vault; the argument is a placeholder then. */
function isKept({ lifecycle }: Element["body"]): boolean {
  return blocks(lifecycle).some(({ ignore_changes: ignored }) => texts(ignored).includes("policy"));
}

/** Arguments as Vault's provider gets them. */
function argumentsOf(body: Element["body"]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, typeof value === "string" ? unescaped(value) : value]),
  );
}

function read(element: Element, name: string, source: string): VaultPolicy {
  try {
    return { name, paths: parsePolicy(source).map((rule) => pathFrom(element, rule)) };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return { name, paths: [], problem: error.message };
  }
}

function pathFrom(element: Element, { path, capabilities }: PathRule): PolicyPath {
  return { path, target: targetOf(element, path), targets: targetsOf(element, path), capabilities };
}

/** True for rights by which something is changed; sudo by itself changes nothing. */
export function writes({ capabilities }: PolicyPath): boolean {
  return ["create", "update", "patch", "delete"].some((it) => capabilities.includes(it));
}

export function denies({ capabilities }: PolicyPath): boolean {
  return capabilities.length === 0 || capabilities.includes("deny");
}
