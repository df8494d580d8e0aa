import { bootstrapPolicies } from "./bootstrap";
import { DEFAULT_POLICY } from "./default-policy";
import { policyTextsOf } from "./policy-texts";
import { PolicyError } from "../../constructs/policy/policy-error";
import type { Environment, Resource } from "../terraform/synthesized";
import { sourceOf } from "../terraform/sources";
import { type PathRule, parsePolicy } from "../../constructs/policy/vault-policy";

/** Why a rule is there, as the policy's construct recorded it. */
export interface Grant {
  readonly path: string;
  readonly capabilities: readonly string[];
  readonly reason: string;
  /** Path of the construct that granted it. */
  readonly grantedBy: string;
  /** True for a rule that was written by hand and not by a grant method. */
  readonly custom: boolean;
  /** Where in the program. */
  readonly file?: string;
}

/** A policy as the code has it. */
export interface Policy {
  readonly name: string;
  readonly namespace: string;
  readonly rules: readonly PathRule[];
  /** Why it cannot be read; it then counts as one that may allow anything. */
  readonly problem?: string;
  /** What it is made of, for one that cannot be read. */
  readonly source?: string;
  /** Path of the construct that writes it; Vault itself for its own. */
  readonly writtenBy: string;
  /** Where in the program. @default - it was not recorded */
  readonly file?: string;
  readonly stack: string;
  readonly grants: readonly Grant[];
}

/** Policies by their names, per namespace. */
export class Policies {
  private readonly byName = new Map<string, Policy>();
  readonly notes: string[] = [];

  constructor(environment: Environment) {
    for (const resource of environment.resources) {
      const { type, attributes } = resource;
      for (const { name, text } of [...policyTextsOf(type, attributes), ...bootstrapPolicies(resource)]) {
        this.add(policyFrom(resource, name, text));
      }
    }
  }

  get all(): Policy[] {
    return [...this.byName.values()];
  }

  /** Vault has its policy `default` in every namespace, unless the code writes another one. */
  find(namespace: string, name: string): Policy | undefined {
    const policy = this.byName.get(keyOf(namespace, name));
    return policy ?? (name === "default" ? { ...DEFAULT_POLICY, namespace } : undefined);
  }

  private add(policy: Policy): void {
    const key = keyOf(policy.namespace, policy.name);
    const other = this.byName.get(key);
    if (policy.problem)
      this.notes.push(`${titleOf(policy)} cannot be read: ${policy.problem} [${policy.writtenBy}]`);
    if (other) {
      // Which one comes last cannot be known, so both count.
      this.notes.push(
        `${titleOf(policy)} is written twice, by ${other.writtenBy} and by ${policy.writtenBy}`,
      );
      const { problem, source } = policy.problem === undefined ? other : policy;
      policy = {
        ...policy,
        problem,
        source,
        rules: [...other.rules, ...policy.rules],
        grants: [...other.grants, ...policy.grants],
      };
    }
    this.byName.set(key, policy);
  }
}

function titleOf({ name, namespace }: Policy): string {
  return `policy ${name}${namespace && ` of namespace ${namespace}`}`;
}

function keyOf(namespace: string, name: string): string {
  return `${namespace}\n${name}`;
}

function policyFrom(resource: Resource, name: string, text: unknown): Policy {
  const { namespace, stack, writtenBy, file } = resource;
  const base = { name, namespace, stack, writtenBy, file, grants: grantsOf(resource) };
  if (typeof text !== "string" || /^\{\{terraform [^{}]*\}\}$/.test(text)) {
    return { ...base, rules: [], problem: "Terraform alone knows it", source: String(text) };
  }
  try {
    return { ...base, rules: parsePolicy(text) };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return { ...base, rules: [], problem: error.message, source: text };
  }
}

/** What a grant looks like in the output: the comment of the policy's resource has them. */
interface RecordedGrant {
  readonly path: string;
  readonly capabilities: readonly string[];
  readonly reason: string;
  readonly grantedBy: string;
  readonly custom?: boolean;
  readonly stackTrace?: readonly string[];
}

function grantsOf({ body }: Resource): Grant[] {
  const { grants } = (body["//"] ?? {}) as { grants?: readonly RecordedGrant[] };
  return (grants ?? []).map(({ path, capabilities, reason, grantedBy, custom = false, stackTrace }) => ({
    path,
    capabilities,
    reason,
    grantedBy,
    custom,
    file: sourceOf(stackTrace),
  }));
}
