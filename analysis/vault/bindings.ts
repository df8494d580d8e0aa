import type { IdentityKind } from "./identity";
import type { Resource } from "../terraform/synthesized";
import { listOf, textOf } from "../terraform/values";

/** One condition of a login. */
export interface Binding {
  /** Name of the attribute, followed by the key if it is a map. */
  readonly name: string;
  /** Allowed values. */
  readonly values: readonly string[];
  /**
   * Effect on logins. `limit` restricts them: without it, every login passes. `admission` permits them: without it, no
   * login passes. `denial` excludes values. `setting`: no value is wider than another.
   */
  readonly effect: "limit" | "admission" | "denial" | "setting";
}

const ADMISSIONS = [
  "bound_service_account_names",
  "bound_service_account_namespaces",
  // Namespaces that it selects are admitted in addition to those that are named.
  "bound_service_account_namespace_selector",
  "allowed_redirect_uris",
  "allowed_policies",
  "allowed_policies_glob",
  "allowed_entity_aliases",
];

const LIMITS = /^(bound_\w+|audience|token_bound_cidrs|secret_id_bound_cidrs|allowed_\w+|required_\w+)$/;

const SETTINGS = [
  "role_type",
  "auth_type",
  "bound_claims_type",
  "user_claim",
  "groups_claim",
  "alias_name_source",
  "bind_secret_id",
  "token_type",
  "token_num_uses",
  "token_no_default_policy",
];

/** Returns true for an argument that is a condition of the login. */
export function isBinding(name: string): boolean {
  return [...SETTINGS, ...ADMISSIONS].includes(name) || /^disallowed_/.test(name) || LIMITS.test(name);
}

/** Conditions that a login must meet, in alphabetical order. */
export function bindingsOf(attributes: Resource["attributes"]): Binding[] {
  const bindings: Binding[] = [];
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null) continue;
    if (SETTINGS.includes(name)) bindings.push({ name, values: listOf(value), effect: "setting" });
    else if (ADMISSIONS.includes(name))
      bindings.push({ name, values: listOf(value).sort(), effect: "admission" });
    else if (/^disallowed_/.test(name))
      bindings.push({ name, values: listOf(value).sort(), effect: "denial" });
    else if (LIMITS.test(name)) bindings.push(...limits(name, value));
  }
  return bindings.filter(({ values }) => values.length > 0).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Conditions of one attribute. A map, such as the claims, is one condition per key; a claim with several values is
 * split at commas.
 */
function limits(name: string, value: unknown): Binding[] {
  if (typeof value !== "object" || Array.isArray(value))
    return [{ name, values: listOf(value).sort(), effect: "limit" }];
  return Object.entries(value as object).map(([key, text]) => {
    const values = listOf(text).flatMap((part) => (name === "bound_claims" ? part.split(",") : [part]));
    return { name: `${name}.${key}`, values: values.map((part) => part.trim()).sort(), effect: "limit" };
  });
}

/** Subject that passes the login, in the terms of the systems outside Vault. */
export function subjectOf(resource: Resource, kind: IdentityKind, name: string): string {
  const { type, attributes } = resource;
  if (type === "vault_kubernetes_auth_backend_role") {
    const names = listOf(attributes.bound_service_account_names);
    const selector = attributes.bound_service_account_namespace_selector;
    const namespaces = [
      ...listOf(attributes.bound_service_account_namespaces),
      ...(selector ? [`[${textOf(selector)}]`] : []),
    ];
    return `ServiceAccount ${namespaces.flatMap((namespace) => names.map((each) => `${namespace}/${each}`)).join(", ")}`;
  }
  if (kind === "token role") return `tokens that are made by the role ${name}`;
  if (kind === "token") return "a token in Terraform's state";
  if (kind === "mount") return "everyone who logs in there";
  if (kind === "user" || kind === "group") return `${kind} ${name}`;
  const conditions = bindingsOf(attributes)
    .filter(({ effect, name: binding }) => effect === "limit" && binding !== "token_bound_cidrs")
    .map(
      ({ name: binding, values }) => `${binding.replace(/^bound_(claims\.)?/, "")} ${values.join(" or ")}`,
    );
  return conditions.length > 0 ? conditions.join(", ") : "anyone whom the mount admits";
}
