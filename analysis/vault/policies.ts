import { bootstrapPolicies } from "./bootstrap";
import { DEFAULT_POLICY } from "./default-policy";
import { eitherRules } from "./either-rules";
import { policyTextsOf } from "./policy-texts";
import { PolicyError } from "../../constructs/policy/policy-error";
import type { Environment, Resource } from "../terraform/synthesized";
import { sourceOf } from "../terraform/sources";
import { type PathRule, parsePolicy } from "../../constructs/policy/vault-policy";

/** Grant that produced a rule, as the construct of the policy recorded it. */
export interface Grant {
  /** Path of the rule. */
  readonly path: string;
  /** Capabilities of the rule. */
  readonly capabilities: readonly string[];
  /** Reason that the grant states. */
  readonly reason: string;
  /** Path of the construct that made the grant. */
  readonly grantedBy: string;
  /** True for a rule that was written by hand instead of by a grant method. */
  readonly custom: boolean;
  /** Position in the source. @default - not recorded */
  readonly file?: string;
}

/** Policy as the code defines it. */
export interface Policy {
  /** Name of the policy. */
  readonly name: string;
  /** Namespace of Vault Enterprise; "" is the root namespace. */
  readonly namespace: string;
  /** Rules of the policy. */
  readonly rules: readonly PathRule[];
  /** Reason why the policy cannot be parsed. It then counts as a policy that may allow anything. @default - none */
  readonly problem?: string;
  /** Source of a policy that cannot be parsed. @default - the policy was parsed */
  readonly source?: string;
  /** Path of the construct that writes the policy; `Vault` for the policy `default`. */
  readonly writtenBy: string;
  /** Position in the source. @default - not recorded */
  readonly file?: string;
  /** Name of the stack. */
  readonly stack: string;
  /** Grants that produced the rules. */
  readonly grants: readonly Grant[];
}

/** Policies of an environment, by namespace and name. */
export class Policies {
  private readonly byName = new Map<string, Policy>();
  /** Notes on policies that cannot be parsed or are written twice. */
  readonly notes: string[] = [];

  constructor(environment: Environment) {
    for (const resource of environment.resources) {
      const { type, attributes } = resource;
      for (const { name, text } of [...policyTextsOf(type, attributes), ...bootstrapPolicies(resource)]) {
        this.add(policyFrom(resource, name, text));
      }
    }
  }

  /** All policies of the code. */
  get all(): Policy[] {
    return [...this.byName.values()];
  }

  /** Policy with the name. Every namespace has Vault's policy `default`, unless the code overwrites it. */
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
      // The order of the two writes is unknown, so both count.
      this.notes.push(
        `${titleOf(policy)} is written twice, by ${other.writtenBy} and by ${policy.writtenBy}`,
      );
      const { problem, source } = policy.problem === undefined ? other : policy;
      policy = {
        ...policy,
        problem,
        source,
        rules: eitherRules(other.rules, policy.rules),
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

/** Grant as it is synthesized, in the comment of the policy's resource. */
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
