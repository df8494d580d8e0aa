import { fillTemplates } from "./patterns";
import { hasSegmentWildcards, precedes, type Rank, rankOf } from "./precedence";
import type { Constraints, Parameters, PathRule, VaultCapability } from "./vault-policy";
import { VAULT_CAPABILITIES } from "./vault-policy";

/** Policy after parsing. */
export interface NamedPolicy {
  /** Name of the policy. */
  readonly name: string;
  /** Rules of the policy. */
  readonly rules: readonly PathRule[];
}

/** Combined permissions of all policies of a token on one pattern. */
export interface Permissions extends Constraints {
  /** Pattern as it was written, including a `*` at its end. */
  readonly pattern: string;
  /** Capabilities on the pattern. If `deny` is among them, it is the only one. */
  readonly capabilities: readonly VaultCapability[];
  /** Names of the policies that have a rule on the pattern. */
  readonly policies: readonly string[];
}

const NOTHING: readonly VaultCapability[] = ["deny"];

/**
 * Access that a set of policies grants, by the rules of Vault. Rules on one pattern add up, and a denial among them
 * wins. Of the patterns that match a path, only the one with the highest priority counts, even if others would allow
 * more.
 *
 * `valueOf` returns the values of templates. As in Vault, a rule does not count if one of its templates has no value.
 * The policies add to the permissions of `start`.
 * @see https://developer.hashicorp.com/vault/docs/concepts/policies#priority-matching
 */
export class Acl {
  private readonly exact: Map<string, Permissions>;
  /** Keyed by the prefix, without its `*`. */
  private readonly prefixes: Map<string, Permissions>;
  private readonly segmented: Map<string, Segmented>;
  private readonly isRoot: boolean;

  constructor(
    policies: readonly NamedPolicy[],
    valueOf: (expression: string) => string | undefined = () => undefined,
    start?: Acl,
  ) {
    this.exact = new Map(start?.exact);
    this.prefixes = new Map(start?.prefixes);
    this.segmented = new Map(start?.segmented);
    this.isRoot = policies.some(({ name }) => name === "root");
    for (const { name, rules } of policies) {
      for (const rule of rules) {
        const path = fillTemplates(rule.path, valueOf);
        if (path !== undefined) this.add(name, rule, path);
      }
    }
  }

  /** Permissions on all patterns: paths without wildcards, then prefixes, then patterns with `+`. */
  get permissions(): Permissions[] {
    const segmented = [...this.segmented.values()].map(({ permissions }) => permissions);
    return [...this.exact.values(), ...this.prefixes.values(), ...segmented];
  }

  /**
   * Capabilities as `vault token capabilities` prints them.
   * @param path path without wildcards
   */
  capabilities(path: string): readonly VaultCapability[] | readonly ["root"] {
    if (this.isRoot) return ["root"];
    const granted = this.decide(path)?.capabilities ?? [];
    return granted.length > 0 ? granted : NOTHING;
  }

  /**
   * Permissions that apply to a path. For a list, a pattern may also match the path without its slash at the end.
   * `capabilities` evaluates every path as a list.
   */
  decide(path: string, operation: "list" | "other" = "list"): Permissions | undefined {
    const wanted = path.replace(/^\/+/, "");
    const trimmed = wanted.replace(/\/$/, "");
    if (operation === "other" || trimmed === wanted)
      return this.exact.get(wanted) ?? this.decideByWildcard(wanted);
    return (
      this.exact.get(wanted) ??
      this.exact.get(trimmed) ??
      this.decideByWildcard(trimmed) ??
      this.decideByWildcard(wanted)
    );
  }

  private add(policy: string, rule: PathRule, path: string): void {
    if (hasSegmentWildcards(path)) {
      const existing = this.segmented.get(path);
      const permissions = merge(existing?.permissions, path, policy, rule);
      const matcher = existing ?? { matches: matcherOf(path), rank: rankOf(path) };
      this.segmented.set(path, { ...matcher, permissions });
      return;
    }
    const isPrefix = path.endsWith("*");
    const tree = isPrefix ? this.prefixes : this.exact;
    const key = isPrefix ? path.slice(0, -1) : path;
    tree.set(key, merge(tree.get(key), path, policy, rule));
  }

  private decideByWildcard(path: string): Permissions | undefined {
    const prefix = this.longestPrefix(path);
    if (this.segmented.size === 0) return prefix;
    const parts = path.split("/");
    let best = prefix && { permissions: prefix, rank: rankOf(prefix.pattern) };
    for (const candidate of this.segmented.values()) {
      if (candidate.matches(parts) && !(best && precedes(best.rank, candidate.rank))) best = candidate;
    }
    return best?.permissions;
  }

  private longestPrefix(path: string): Permissions | undefined {
    let best: Permissions | undefined;
    for (const [prefix, permissions] of this.prefixes) {
      if (path.startsWith(prefix) && prefix.length >= (best?.pattern.length ?? 0)) best = permissions;
    }
    return best;
  }
}

/** Pattern with wildcards for segments, split once. */
interface Segmented {
  readonly permissions: Permissions;
  readonly matches: (path: readonly string[]) => boolean;
  readonly rank: Rank;
}

function matcherOf(pattern: string): Segmented["matches"] {
  const isPrefix = pattern.endsWith("*");
  const wanted = (isPrefix ? pattern.slice(0, -1) : pattern).split("/");
  const last = wanted.length - 1;
  return (path) =>
    (isPrefix ? path.length >= wanted.length : path.length === wanted.length) &&
    wanted.every(
      (segment, index) =>
        segment === "+" ||
        segment === path[index] ||
        (isPrefix && index === last && path[index].startsWith(segment)),
    );
}

function merge(
  existing: Permissions | undefined,
  pattern: string,
  policy: string,
  rule: PathRule,
): Permissions {
  if (!existing) {
    return { pattern, policies: [policy], capabilities: rule.capabilities, ...mergeConstraints({}, rule) };
  }
  const policies = existing.policies.includes(policy) ? existing.policies : [...existing.policies, policy];
  const granted = [...existing.capabilities, ...rule.capabilities];
  if (granted.includes("deny")) return { pattern, policies, capabilities: ["deny"] };
  const capabilities = VAULT_CAPABILITIES.filter((capability) => granted.includes(capability));
  return { pattern, policies, capabilities, ...mergeConstraints(existing, rule) };
}

/**
 * Merges the constraints of several policies on one pattern. All of them apply; lists of parameter values are joined.
 */
function mergeConstraints(a: Constraints, b: Constraints): Constraints {
  const union = (name: "requiredParameters" | "mfaMethods" | "controlGroup") =>
    a[name] || b[name] ? { [name]: [...new Set([...(a[name] ?? []), ...(b[name] ?? [])])] } : {};
  const least = (name: "minWrappingTtl" | "maxWrappingTtl") =>
    a[name] || b[name] ? { [name]: Math.min(a[name] ?? Infinity, b[name] ?? Infinity) } : {};
  const both = (name: "allowedParameters" | "deniedParameters") =>
    a[name] || b[name] ? { [name]: mergeParameters(a[name] ?? {}, b[name] ?? {}) } : {};
  return {
    ...union("requiredParameters"),
    ...union("mfaMethods"),
    ...union("controlGroup"),
    ...least("minWrappingTtl"),
    ...least("maxWrappingTtl"),
    ...both("allowedParameters"),
    ...both("deniedParameters"),
  };
}

function mergeParameters(a: Parameters, b: Parameters): Parameters {
  const result: Record<string, readonly unknown[]> = { ...a };
  for (const [name, values] of Object.entries(b)) {
    const known = Object.hasOwn(a, name) ? a[name] : undefined;
    // An empty list means any value.
    result[name] = values.length === 0 || known?.length === 0 ? [] : [...values, ...(known ?? [])];
  }
  return result;
}
