import type { IConstruct } from "constructs";
import type { Duration } from "../core/duration";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { byPrecedence } from "../policy/precedence";
import { constraints, isWider } from "../policy/render-policy";
import { canBeNamespace, describeNamespace, namespaceOf } from "../core/vault-scope";

/** All capabilities, in the order in which a rule is rendered. */
export const CAPABILITIES = ["create", "read", "update", "patch", "delete", "list", "sudo", "deny"] as const;

/**
 * A capability of a rule.
 * @see https://developer.hashicorp.com/vault/docs/concepts/policies#capabilities
 */
export type Capability = (typeof CAPABILITIES)[number];

/** Values that a parameter may have, by the parameter's name. An empty list means any value. */
export type ParameterValues = Readonly<Record<string, readonly string[]>>;

/** One grant: the capabilities on one path, and the reason. */
export interface PolicyRule {
  /**
   * Path in Vault's API without a leading slash. `+` stands for one segment, `*` at the end for any rest, and `{{ }}`
   * for a template of Vault.
   */
  readonly path: string;
  /** Capabilities that the rule grants. `deny` must be the only one. */
  readonly capabilities: readonly Capability[];
  /** One line for reviewers and the access map. It is not sent to Vault. */
  readonly reason: string;
  /** Construct that grants the rule. @default - the construct that received the rule */
  readonly grantedBy?: IConstruct;
  /**
   * Namespace of Vault Enterprise that the path leads into, see `inNamespace`.
   * @default - none: the grantee's own namespace
   */
  readonly namespace?: string;
  /** Parameters that a request may have, with their values. @default - any parameter */
  readonly allowedParameters?: ParameterValues;
  /** Parameters that a request must not have, with the denied values. @default - none */
  readonly deniedParameters?: ParameterValues;
  /** Parameters that a request must have. @default - none */
  readonly requiredParameters?: readonly string[];
  /** Allows `sudo`, which opens root-protected paths. @default false */
  readonly allowSudo?: boolean;
  /** Allows a path with a wildcard as its first segment, which reaches every mount. @default false */
  readonly allowEveryMount?: boolean;
  /**
   * Removes all capabilities that wider rules of the same policy grant on the path, except the capabilities of this
   * rule.
   * @default false - grants add up
   */
  readonly narrows?: boolean;
}

/** A construct that can receive grants, for example a workload, a pipeline or a group of users. */
export interface IGrantee extends IConstruct {
  /**
   * Adds a rule to the grantee's policy.
   * @throws ValidationError for a rule that is wrong by itself or contradicts an earlier one
   */
  grant(rule: PolicyRule): void;
  /** Maximum TTL of the grantee's token. All leases of the token end with it. */
  readonly tokenMaxTtl: Duration;
  /** True if the grantee's token is periodic: it can be renewed without limit. */
  readonly isPeriodic: boolean;
}

/**
 * Checks one rule by itself.
 * @throws ValidationError for a path that Vault would not match as written, for empty capabilities, and for `sudo` or
 * a wildcard over all mounts without the option that allows it
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
 * Rejects a grant on a construct in another namespace: the same path in the policy's namespace is, or will be,
 * another object. A rule for a child namespace applies to any object there. It is therefore also accepted from a
 * construct in the grantee's own namespace.
 * @throws ValidationError that names the call to use instead, if there is one
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
  // Requests can have an empty segment by %2F. Only a path of the same form denies them.
  if (path === "" || (path.includes("//") && !isDenial))
    refuse(`a policy path has no empty segment, got ${received(path)}; ${allowed}`);
  if (path.split("/").some((segment) => segment === "." || segment === "..")) {
    refuse(`a policy path has no segment . or .., got ${received(path)}; ${allowed}`);
  }
  // HCL reads ${ in a string as the start of an expression, and reads the expression up to its end.
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
 * Rejects two rules if Vault or a reader could not tell which one applies.
 * @throws ValidationError that names both rules
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
