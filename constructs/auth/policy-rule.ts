import type { IConstruct } from "constructs";
import type { Duration } from "../core/duration";
import { type HclBlock, type HclEntry, renderHcl } from "../core/hcl";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { canBeNamespace, describeNamespace, namespaceOf } from "../core/vault-scope";

/** In the order in which they are written. */
export const CAPABILITIES = ["create", "read", "update", "patch", "delete", "list", "sudo", "deny"] as const;

/** @see https://developer.hashicorp.com/vault/docs/concepts/policies#capabilities */
export type Capability = (typeof CAPABILITIES)[number];

/** Values that a parameter may have, by the parameter's name; an empty list means any value. */
export type ParameterValues = Readonly<Record<string, readonly string[]>>;

/** One grant: what may be done on one path, and why. */
export interface PolicyRule {
  /**
   * Path in Vault's API without a leading slash. `+` stands for one segment, `*` at the end for any rest, `{{ }}` for
   * a template of Vault's.
   */
  readonly path: string;
  readonly capabilities: readonly Capability[];
  /** One line for reviewers and the access map; it does not reach Vault. */
  readonly reason: string;
  /** @default - the construct that received the rule */
  readonly grantedBy?: IConstruct;
  /** Namespace of Vault Enterprise that the path leads into, see `inNamespace`. @default - none: the grantee's own */
  readonly namespace?: string;
  /** @default - any parameter */
  readonly allowedParameters?: ParameterValues;
  /** @default - none */
  readonly deniedParameters?: ParameterValues;
  /** @default - none */
  readonly requiredParameters?: readonly string[];
  /** Admits `sudo`, by which root-protected paths open. @default false */
  readonly allowSudo?: boolean;
  /** Admits a path whose first segment is a wildcard, which reaches every mount. @default false */
  readonly allowEveryMount?: boolean;
  /**
   * Takes away what wider rules of the same policy give on the path beyond these capabilities.
   * @default false - grants add up
   */
  readonly narrows?: boolean;
}

/** Who can be granted something: a workload, a pipeline, a group of people. */
export interface IGrantee extends IConstruct {
  /**
   * Adds a rule to the grantee's policy.
   * @throws ValidationError for a rule that is wrong by itself or contradicts an earlier one
   */
  grant(rule: PolicyRule): void;
  /** After that the grantee's token ends, and with it every lease that it took. */
  readonly tokenMaxTtl: Duration;
  /** A periodic token can be renewed for ever. */
  readonly isPeriodic: boolean;
}

/**
 * Checks one rule by itself.
 * @throws ValidationError for a path that Vault would not match as written, for empty capabilities, and for `sudo` or
 * a wildcard over all mounts that is not admitted
 */
export function requireRule(scope: IConstruct, rule: PolicyRule): void {
  const { path, capabilities, reason } = rule;
  const refuse = (message: string) => {
    throw new ValidationError(scope, message);
  };
  if (isLiteral(path)) requirePath(path, capabilities.includes("deny"), refuse);
  if (isLiteral(path) && /^[*+]/.test(path) && !rule.allowEveryMount) {
    refuse(`the policy path ${path} reaches every mount: name one, or admit it by allowEveryMount`);
  }
  if (capabilities.length === 0) {
    refuse(`the rule on ${path} has no capabilities; allowed: ${CAPABILITIES.join(", ")}`);
  }
  const unknown = capabilities.find((capability) => !CAPABILITIES.includes(capability));
  if (unknown !== undefined) {
    refuse(`the rule on ${path} has the capability ${unknown}; allowed: ${CAPABILITIES.join(", ")}`);
  }
  if (capabilities.includes("deny") && capabilities.some((capability) => capability !== "deny")) {
    refuse(`the rule on ${path} contradicts itself: deny stands alone, got ${received(capabilities)}`);
  }
  if (capabilities.includes("sudo") && !rule.allowSudo) {
    refuse(`the rule on ${path} has sudo, which opens root-protected paths: admit it by allowSudo`);
  }
  if (!/^[^\r\n]*\S[^\r\n]*$/.test(reason)) {
    refuse(`the rule on ${path} must have a reason of one line, got ${received(reason)}`);
  }
}

/**
 * Refuses a grant on what is in another namespace: at the same path in the policy's own there is something else, or will
 * be. What is granted in a namespace below is right for whatever is there, and stands for it in the grantee's own.
 * @throws ValidationError with the way to grant it
 */
export function requireReach(scope: IConstruct, { path, grantedBy = scope, namespace }: PolicyRule): void {
  const [own, there] = [namespaceOf(scope), namespaceOf(grantedBy)];
  const reached = [own, namespace].filter(Boolean).join("/");
  if (canBeNamespace(reached, there) || (namespace !== undefined && own === there)) return;
  const prefix = own && `${own}/`;
  const below = there.startsWith(prefix) ? there.slice(prefix.length) : undefined;
  throw new ValidationError(
    scope,
    `the rule on ${path} is for ${describeNamespace(reached)}, and ${grantedBy.node.path} is in ${describeNamespace(there)}, ` +
      (below
        ? `which is granted to inNamespace(grantee, "${below}")`
        : "which whoever has the policy cannot reach"),
  );
}

function requirePath(path: string, isDenial: boolean, refuse: (message: string) => void): void {
  const allowed = "allowed: a clean path of Vault's API such as secret/data/payment-service/*";
  if (path.startsWith("/")) refuse(`a policy path has no leading slash, got ${received(path)}; ${allowed}`);
  // Requests may have one by %2F, and that is denied by a path of the same form.
  if (path === "" || (path.includes("//") && !isDenial))
    refuse(`a policy path has no empty segment, got ${received(path)}; ${allowed}`);
  if (path.split("/").some((segment) => segment === "." || segment === "..")) {
    refuse(`a policy path has no segment . or .., got ${received(path)}; ${allowed}`);
  }
  // HCL reads ${ in a string as the start of an expression and takes all up to its end.
  if (/[\p{Cc}"\\]|\$\{/u.test(path)) {
    refuse(
      `a policy path has no control character, quote, backslash or \${, got ${received(path)}; ${allowed}`,
    );
  }
  if (path.slice(0, -1).includes("*")) {
    refuse(
      `a policy path has * only at its end, and + for a segment in between, got ${received(path)}; ${allowed}`,
    );
  }
}

/**
 * Refuses two rules of which Vault, or a reader, could not tell which one counts.
 * @throws ValidationError that names both
 */
export function requireAgreement(scope: IConstruct, earlier: PolicyRule, later: PolicyRule): void {
  const both = () => `${describe(scope, earlier)}, then ${describe(scope, later)}`;
  if (earlier.path !== later.path) {
    const [narrow, wide] = covers(earlier.path, later.path)
      ? [later.path, earlier.path]
      : [earlier.path, later.path];
    if (covers(wide, narrow) && bySpecificity(wide, narrow) < 0) {
      throw new ValidationError(
        scope,
        `Vault would never follow the rule on ${narrow}, because it prefers the one on ${wide}: ${both()}`,
      );
    }
    return;
  }
  if (earlier.capabilities.includes("deny") !== later.capabilities.includes("deny")) {
    throw new ValidationError(scope, `two grants contradict each other on ${later.path}: ${both()}`);
  }
  if ((earlier.narrows ?? false) !== (later.narrows ?? false)) {
    throw new ValidationError(
      scope,
      `two grants on ${later.path} disagree whether wider ones count as well (narrows): ${both()}`,
    );
  }
  if (parametersOf(earlier) !== parametersOf(later)) {
    throw new ValidationError(
      scope,
      `two grants on ${later.path} constrain parameters differently: ${both()}`,
    );
  }
}

function describe(scope: IConstruct, { capabilities, grantedBy }: PolicyRule): string {
  return `${capabilities.join(", ")} by ${(grantedBy ?? scope).node.path}`;
}

function parametersOf(rule: PolicyRule): string {
  return JSON.stringify(constraints(rule));
}

/**
 * Writes a policy: one block per path in the order of the first grant, capabilities in a fixed order.
 *
 * Grants add up, also where the path of one lies within another's: Vault follows the most specific block alone, so
 * that block gets what the wider ones give, up to the first that denies, constrains or narrows.
 * @see https://developer.hashicorp.com/vault/docs/concepts/policies#priority-matching
 */
export function renderPolicy(rules: readonly PolicyRule[]): string {
  const byPath = new Map<string, PolicyRule[]>();
  for (const rule of rules) {
    const same = byPath.get(rule.path);
    if (same) same.push(rule);
    else byPath.set(rule.path, [rule]);
  }
  const wildcards = [...byPath.keys()].filter((path) => /[*+]/.test(path));
  const adds = (path: string) => {
    const [first] = byPath.get(path)!;
    return !first.capabilities.includes("deny") && !first.narrows && constraints(first).length === 0;
  };
  const given = (path: string): Capability[] => {
    const wider = adds(path) ? wildcards.filter((other) => covers(other, path)).sort(bySpecificity) : [];
    const end = wider.findIndex((other) => !adds(other));
    return [path, ...wider.slice(0, end < 0 ? undefined : end)].flatMap((each) =>
      byPath.get(each)!.flatMap(({ capabilities }) => capabilities),
    );
  };
  return renderHcl(
    [...byPath].map(([path, [first]]): HclBlock => {
      const granted = given(path);
      const capabilities = CAPABILITIES.filter((capability) => granted.includes(capability));
      return { type: "path", label: path, body: [["capabilities", capabilities], ...constraints(first)] };
    }),
  );
}

/** Whether every request that matches `narrow` matches `wide` too; `narrow` may itself have wildcards. */
export function covers(wide: string, narrow: string): boolean {
  if (!/[*+]/.test(wide) || wide === narrow || !isLiteral(wide) || !isLiteral(narrow)) return false;
  if (narrow.endsWith("*") && !wide.endsWith("*")) return false;
  // A star stands at the end alone.
  if (!wide.includes("+")) return narrow.startsWith(wide.slice(0, -1));
  const pattern = wide
    .replace(/[.?^$()[\]{}|]/g, "\\$&")
    .replace(/(^|\/)\+(?=\/|$)/g, "$1[^/]+")
    .replace(/\*$/, ".*");
  return new RegExp(`^${pattern}$`).test(narrow);
}

/** The order in which Vault prefers paths that match the same request, as its documentation states it. */
export function bySpecificity(one: string, other: string): number {
  const rank = (path: string) => [
    // A path without a wildcard comes before all others.
    /[*+]/.test(path) ? path.search(/[*+]/) : Number.MAX_SAFE_INTEGER,
    path.endsWith("*") ? 0 : 1,
    -path.split("/").filter((segment) => segment === "+").length,
    path.length,
  ];
  const others = rank(other);
  const difference = rank(one)
    .map((value, index) => others[index] - value)
    .find((value) => value !== 0);
  return difference ?? (one < other ? 1 : -1);
}

function constraints(rule: PolicyRule): HclEntry[] {
  const { allowedParameters, deniedParameters, requiredParameters } = rule;
  return [
    ...parameterBlock("allowed_parameters", allowedParameters),
    ...parameterBlock("denied_parameters", deniedParameters),
    ...(requiredParameters?.length ? [["required_parameters", [...requiredParameters].sort()] as const] : []),
  ];
}

function parameterBlock(type: string, values: ParameterValues = {}): HclBlock[] {
  const names = Object.keys(values).sort();
  // Quoted, because * is a name as well.
  const body = names.map((name): HclEntry => [JSON.stringify(name), [...values[name]].sort()]);
  return body.length === 0 ? [] : [{ type, body }];
}
