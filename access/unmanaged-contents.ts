import { PolicyError } from "../constructs/policy/policy-error";
import { type PathRule, parsePolicy } from "../constructs/policy/vault-policy";
import type { Identity } from "../analysis/vault/identity";
import { loginChanges } from "./diff-logins";
import { loginOf } from "../analysis/vault/logins";
import { plain } from "./markdown";
import type { Policy } from "../analysis/vault/policies";
import { listOf, textOf } from "../analysis/terraform/values";

type Answer = Readonly<Record<string, unknown>>;

/** Values that Vault returns for attributes that are not set. */
const DEFAULTS: Readonly<Record<string, readonly string[]>> = {
  alias_name_source: ["serviceaccount_uid"],
  bind_secret_id: ["true"],
  bound_claims_type: ["string"],
  token_no_default_policy: ["false"],
  token_num_uses: ["0"],
  token_type: ["default", "default-service", "service"],
};

/** Attributes that Vault computes from others. */
const COMPUTED = ["bound_iam_principal_id"];

/** No maximum TTL: the TTLs of a role are compared as written. */
const UNLIMITED = () => Infinity;

/**
 * Difference between a policy in Vault and in the code, rule by rule. Either text may be HCL or JSON.
 * @returns undefined if the rules are equal
 */
export function policyDifference({ rules }: Policy, text: string): string | undefined {
  let live: readonly PathRule[];
  try {
    live = parsePolicy(text);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return `cannot be read: ${error.message}`;
  }
  const [code, vault] = [rules, live].map((all) => all.map((rule) => ({ rule, text: JSON.stringify(rule) })));
  const added = vault.filter((it) => !code.some((other) => isSame(other.text, it.text)));
  const gone = code.filter((it) => !vault.some((other) => isSame(it.text, other.text)));
  const listed = [
    ...added.map(({ rule }) => `+ ${ruleText(rule)}`),
    ...gone.map(({ rule }) => `- ${ruleText(rule)}`),
  ];
  return said(listed);
}

function ruleText({ path, capabilities, ...constraints }: PathRule): string {
  const further = Object.keys(constraints).length > 0 ? ` ${JSON.stringify(constraints)}` : "";
  return `${path} [${capabilities.join(", ")}]${further}`;
}

/**
 * Returns true if the texts match. If only Terraform knows a part of the code's text, Vault may have anything there
 * except a wildcard.
 */
function isSame(code: string, live: string): boolean {
  if (!code.includes("{{terraform ")) return code === live;
  const parts = code
    .split(/\{\{terraform [^{}]*\}\}/)
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join('[^"*+]+')}$`, "s").test(live);
}

/**
 * Difference between a role, user or group of an auth mount in Vault and in the code: policies, conditions, TTLs of
 * tokens.
 * @param answer Vault's response
 * @returns undefined if they are equal
 */
export function loginDifference(code: Identity, answer: Answer): string | undefined {
  const attributes = {
    ...answer,
    // Name of the attribute before Vault 1.2, and the policies to which GitHub teams and users are mapped.
    policies: [answer.policies, answer.value].flatMap(listOf).flatMap((text) => text.split(",")),
  };
  const login = loginOf(code.kind, attributes);
  const stated = new Set(code.bindings.map(({ name }) => name));
  const live: Identity = {
    ...code,
    ...login,
    bindings: login.bindings.filter(
      ({ name, values }) =>
        stated.has(name) || !(COMPUTED.includes(name) || values.every((it) => DEFAULTS[name]?.includes(it))),
    ),
  };
  const differences = [
    ...namesDifference(namesOf(code), namesOf(live)),
    ...loginChanges(comparable(code, live), comparable(live, code), {
      before: UNLIMITED,
      after: UNLIMITED,
    }).map(({ what }) => plain(what)),
  ];
  return said(differences);
}

/** Difference between the direct policies of an entity or a group in Vault and in the code. */
export function directoryDifference(code: Identity, answer: Answer): string | undefined {
  const own = code.policies.filter(({ via }) => via === undefined).map(({ name }) => name);
  const differences = namesDifference(own, listOf(answer.policies));
  return said(differences);
}

function namesOf({ policies }: Identity): string[] {
  return policies.map(({ name }) => name.trim().toLowerCase());
}

function namesDifference(code: readonly string[], live: readonly string[]): string[] {
  return [
    ...live.filter((name) => !code.some((other) => isSame(other, name))).map((name) => `+ policy ${name}`),
    ...code.filter((name) => !live.some((other) => isSame(name, other))).map((name) => `- policy ${name}`),
  ];
}

/**
 * Login with the values of its conditions in a common notation. A value that only Terraform knows becomes the value of
 * the other login.
 */
function comparable(identity: Identity, other: Identity): Identity {
  return {
    ...identity,
    bindings: identity.bindings.map((binding) => {
      const values = binding.values.map((value) => value.replace(/(\/32|\/128)$/, ""));
      const theirs = other.bindings.find(({ name }) => name === binding.name)?.values ?? [];
      return {
        ...binding,
        values: values.map((value) => theirs.find((their) => isSame(value, their)) ?? value),
      };
    }),
  };
}

/** Difference between an audit device in Vault and in the code. */
export function deviceDifference(code: Answer, live: Answer): string | undefined {
  const [wanted, found] = [code, live].map(
    ({ type, options }) => ({ type, ...((options ?? {}) as object) }) as Answer,
  );
  const differences = [...new Set([...Object.keys(wanted), ...Object.keys(found)])]
    .sort()
    .map((name) => ({ name, was: textOf(wanted[name] ?? "not set"), is: textOf(found[name] ?? "not set") }))
    .filter(({ was, is }) => !isSame(was, is))
    .map(({ name, was, is }) => `${name}: ${was} -> ${is}`);
  return said(differences);
}

function said(differences: readonly string[]): string | undefined {
  return differences.length > 0 ? `differs from the code: ${differences.join("; ")}` : undefined;
}
