import type { IConstruct } from "constructs";
import type { Duration } from "../core/duration";
import { type HclBlock, type HclEntry, renderHcl } from "../core/hcl";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";

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
  if (isLiteral(path)) requirePath(path, refuse);
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
    refuse(`the rule on ${path} contradicts itself: deny stands alone, got ${capabilities.join(", ")}`);
  }
  if (capabilities.includes("sudo") && !rule.allowSudo) {
    refuse(`the rule on ${path} has sudo, which opens root-protected paths: admit it by allowSudo`);
  }
  if (!/^[^\r\n]*\S[^\r\n]*$/.test(reason)) {
    refuse(`the rule on ${path} must have a reason of one line, got ${JSON.stringify(reason)}`);
  }
}

function requirePath(path: string, refuse: (message: string) => void): void {
  const allowed = "allowed: a clean path of Vault's API such as secret/data/payment-service/*";
  if (path.startsWith("/")) refuse(`a policy path has no leading slash, got ${path}; ${allowed}`);
  if (path === "" || path.includes("//"))
    refuse(`a policy path has no empty segment, got "${path}"; ${allowed}`);
  if (path.split("/").some((segment) => segment === "." || segment === "..")) {
    refuse(`a policy path has no segment . or .., got ${path}; ${allowed}`);
  }
  // HCL reads ${ in a string as the start of an expression and takes all up to its end.
  if (/[\p{Cc}"\\]|\$\{/u.test(path)) {
    refuse(
      `a policy path has no control character, quote, backslash or \${, got ${JSON.stringify(path)}; ${allowed}`,
    );
  }
  if (path.slice(0, -1).includes("*")) {
    refuse(`a policy path has * only at its end, and + for a segment in between, got ${path}; ${allowed}`);
  }
}

/**
 * Refuses two rules on one path of which Vault, or a reader, could not tell which one counts.
 * @throws ValidationError that names both
 */
export function requireAgreement(scope: IConstruct, earlier: PolicyRule, later: PolicyRule): void {
  if (earlier.path !== later.path) return;
  const both = `${describe(scope, earlier)}, then ${describe(scope, later)}`;
  if (earlier.capabilities.includes("deny") !== later.capabilities.includes("deny")) {
    throw new ValidationError(scope, `two grants contradict each other on ${later.path}: ${both}`);
  }
  if (parametersOf(earlier) !== parametersOf(later)) {
    throw new ValidationError(scope, `two grants on ${later.path} constrain parameters differently: ${both}`);
  }
}

function describe(scope: IConstruct, { capabilities, grantedBy }: PolicyRule): string {
  return `${capabilities.join(", ")} by ${(grantedBy ?? scope).node.path}`;
}

function parametersOf(rule: PolicyRule): string {
  return JSON.stringify(constraints(rule));
}

/**
 * Writes a policy as `vault policy fmt` does: one block per path in the order of the first grant, capabilities in a
 * fixed order.
 *
 * Grants add up, also where the path of one lies within another's: Vault follows the most specific block alone, so
 * that block gets the wider one's capabilities too. Denials and constrained rules stay as they are.
 * @see https://developer.hashicorp.com/vault/docs/concepts/policies#priority-matching
 */
export function renderPolicy(rules: readonly PolicyRule[]): string {
  const byPath = new Map<string, PolicyRule[]>();
  for (const rule of rules) byPath.set(rule.path, [...(byPath.get(rule.path) ?? []), rule]);
  const adds = (rule: PolicyRule) => !rule.capabilities.includes("deny") && constraints(rule).length === 0;
  const blocks = [...byPath].map(([path, [first, ...others]]): HclBlock => {
    const wider = adds(first) ? rules.filter((rule) => adds(rule) && covers(rule.path, path)) : [];
    const granted = [first, ...others, ...wider].flatMap(({ capabilities }) => capabilities);
    return {
      type: "path",
      label: path,
      body: [
        ["capabilities", CAPABILITIES.filter((capability) => granted.includes(capability))],
        ...constraints(first),
      ],
    };
  });
  return renderHcl(blocks);
}

/** Whether every path that matches `narrow` matches `wide` too; `narrow` may itself have wildcards. */
function covers(wide: string, narrow: string): boolean {
  if (!isLiteral(wide) || !isLiteral(narrow) || wide === narrow || !/[*+]/.test(wide)) return false;
  if (narrow.endsWith("*") && !wide.endsWith("*")) return false;
  const pattern = wide
    .replace(/[.?^$()[\]{}|]/g, "\\$&")
    .replace(/(^|\/)\+(?=\/|$)/g, "$1[^/]+")
    .replace(/\*$/, ".*");
  return new RegExp(`^${pattern}$`).test(narrow);
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
