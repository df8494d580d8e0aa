import type { IConstruct } from "constructs";
import type { Duration } from "../core/duration";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { byPrecedence } from "../policy/precedence";
import { constraints, isWider } from "../policy/render-policy";
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
    const [narrow, wide] = isWider(earlier.path, later.path)
      ? [later.path, earlier.path]
      : [earlier.path, later.path];
    if (isWider(wide, narrow) && byPrecedence(wide, narrow) < 0) {
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
