import { known, textOf, textsOf } from "./values";
import { policyDocumentText, policyTextsOf } from "../../analysis/vault/policy-texts";
import type { NamespacedPath } from "../../constructs/core/vault-scope";
import { PolicyError } from "../../constructs/policy/policy-error";
import { type PathRule, parsePolicy } from "../../constructs/policy/vault-policy";
import type { Element } from "../element";
import { memo } from "../memo";
import { blocks, texts } from "./blocks";
import { configMapOf, hclEntries } from "./config-maps";
import { targetOf, targetsOf } from "./vault-namespaces";

/** Path of a policy with its capabilities. */
export interface PolicyPath {
  /** Path as Vault reads it, without escapes and without a leading slash. */
  readonly path: string;
  /** Namespace and path that the policy path addresses. It can be in another namespace of Vault Enterprise. */
  readonly target: NamespacedPath;
  /** All targets, if a wildcard matches both the name of a namespace and other names. */
  readonly targets: readonly NamespacedPath[];
  /** Capabilities on the path. */
  readonly capabilities: readonly string[];
}

/** Policy of Vault, from any source. */
export interface VaultPolicy {
  /** Name, or the file in a ConfigMap. */
  readonly name: string;
  /** Paths of the policy. */
  readonly paths: readonly PolicyPath[];
  /** Parse error of the policy text. @default - none */
  readonly problem?: string;
}

/**
 * Policies of an element: a resource, a policy document, or a file that a pod applies.
 * @throws NotJudged for a policy that only Terraform knows
 */
export const policiesOf = memo((element: Element): VaultPolicy[] => {
  const { block: kind, type, values, name } = element;
  if (kind === "resource" && /^vault_/.test(type)) {
    if (isKept(element)) return [];
    if (type === "vault_policy") known("policy", values.policy);
    const path = /^vault_(generic_(endpoint|secret)|kv_secret)$/.test(type) ? String(values.path) : undefined;
    if (path !== undefined && canBePolicy(path)) known("path", values.path);
    const policies = policyTextsOf(type, values);
    if (policies.length > 0 && path !== undefined) known("data_json", values.data_json);
    return policies.flatMap((policy) =>
      typeof policy.text === "string" ? [read(element, policy.name, policy.text)] : [],
    );
  }
  if (kind === "data" && type === "vault_policy_document") {
    const rules = blocks(known("rule", values.rule));
    for (const rule of rules) {
      textOf(rule, "path");
      textsOf(rule, "capabilities");
    }
    return [read(element, name, policyDocumentText(rules))];
  }
  const configMap = configMapOf(element);
  return (configMap ? hclEntries(configMap) : [])
    .map(([file, content]) => ({ content, policy: read(element, file, content) }))
    .filter(({ content, policy }) => policy.paths.length > 0 || (policy.problem && LIKE_POLICY.test(content)))
    .map(({ policy }) => policy);
});

/** Returns true if a path is, or can become, that of a policy. */
function canBePolicy(path: string): boolean {
  const prefix = path.split("{{terraform ")[0].replace(/^\/+/, "").toLowerCase();
  return "sys/polic".startsWith(prefix) || prefix.startsWith("sys/polic");
}

/** Recognises policies. Other HCL and JSON does not parse as a policy either, and is not a problem. */
const LIKE_POLICY = /^\s*"?path"?\s+"[\s\S]*\b(capabilities|policy)"?\s*=/m;

/** Returns true for an imported policy with a text that Terraform does not manage; its argument is a placeholder. */
function isKept({ type, name, body, platform }: Element): boolean {
  const isIgnored = blocks(body.lifecycle).some(({ ignore_changes: ignored }) =>
    texts(ignored).includes("policy"),
  );
  // Terraform writes the text of a policy that it creates.
  return (
    isIgnored &&
    platform.elements.some(({ block, body: { to } }) => block === "import" && to === `${type}.${name}`)
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

/** Returns true for capabilities that change data; sudo alone changes nothing. */
export function writes({ capabilities }: PolicyPath): boolean {
  return ["create", "update", "patch", "delete"].some((it) => capabilities.includes(it));
}

/** Returns true for a path without access. */
export function denies({ capabilities }: PolicyPath): boolean {
  return capabilities.length === 0 || capabilities.includes("deny");
}
