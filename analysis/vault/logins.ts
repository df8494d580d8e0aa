import { bindingsOf, subjectOf } from "./bindings";
import { durationOf } from "../../constructs/policy/durations";
import { type Identity, identityKey, type IdentityKind, type Lifetime } from "./identity";
import type { Environment, Resource } from "../terraform/synthesized";
import { normalApiPath } from "./api-paths";
import { vaultName } from "./object-key";
import { listOf, textOf } from "../terraform/values";

/** Roles, users and groups of auth mounts. */
export function loginIdentities({ resources }: Environment): Identity[] {
  return resources.flatMap((resource) => loginIdentity(resource) ?? []);
}

/** Attributes with the name, by the type of the resource. */
const NAMED: readonly [type: RegExp, kind: IdentityKind, name: readonly string[]][] = [
  [/^vault_token_auth_backend_role$/, "token role", ["role_name"]],
  [/^vault_[a-z]+_auth_backend_role$/, "role", ["role_name", "role", "name"]],
  [/^vault_[a-z]+_auth_backend_user$/, "user", ["username"]],
  [/^vault_[a-z]+_auth_backend_group$/, "group", ["groupname", "group_name"]],
  [/^vault_github_user$/, "user", ["user"]],
  [/^vault_github_team$/, "group", ["team"]],
];

/** Role, user or group of a resource; undefined for other resources. */
export function loginIdentity(resource: Resource): Identity | undefined {
  const { type, attributes } = resource;
  const named = NAMED.find(([pattern]) => pattern.test(type));
  if (named) {
    const [, kind, names] = named;
    const name = names.map((attribute) => attributes[attribute]).find((value) => value !== undefined);
    return identity(resource, kind, mountOf(resource), vaultName(type, textOf(name)));
  }
  if (type === "vault_token")
    return identity(resource, "token", "auth/token", textOf(attributes.display_name ?? resource.address));
  // Policies of the mount apply to every login on it.
  if (/^vault_(ldap|okta|github)_auth_backend$/.test(type) && listOf(attributes.token_policies).length > 0) {
    return identity(resource, "mount", mountOf(resource), "everyone");
  }
  return undefined;
}

function mountOf({ type, attributes }: Resource): string {
  const method = /^vault_([a-z]+)_/.exec(type)![1];
  const path = attributes.backend ?? attributes.mount ?? attributes.path ?? method;
  return `auth/${normalApiPath(textOf(path)).replace(/^auth\//, "")}`;
}

function identity(resource: Resource, kind: IdentityKind, mount: string, name: string): Identity {
  const { attributes, namespace } = resource;
  return {
    key: identityKey(namespace, mount, kind, name),
    kind,
    namespace,
    mount,
    name,
    subject: subjectOf(resource, kind, name),
    ...loginOf(kind, attributes),
    writtenBy: resource.writtenBy,
    file: resource.file,
    stack: resource.stack,
  };
}

/** Policies, conditions and TTLs of a login. Attributes have the names of the provider or of Vault's API. */
export function loginOf(
  kind: IdentityKind,
  attributes: Resource["attributes"],
): Pick<Identity, "policies" | "bindings" | "lifetime"> {
  const policies = [
    attributes.token_policies,
    kind === "role" || kind === "token role" || kind === "mount" ? undefined : attributes.policies,
    kind === "token role" ? attributes.allowed_policies : undefined,
  ].flatMap(listOf);
  const hasDefault = !(attributes.token_no_default_policy ?? attributes.no_default_policy);
  return {
    policies: [...new Set([...policies, ...(hasDefault ? ["default"] : [])])].map((name) => ({ name })),
    bindings: bindingsOf(attributes),
    lifetime: lifetimeOf(attributes),
  };
}

function lifetimeOf(attributes: Resource["attributes"]): Lifetime {
  const seconds = (...names: string[]) =>
    names.map((name) => durationOf(attributes[name])).find((value) => value !== undefined) ?? 0;
  return {
    ttl: seconds("token_ttl", "ttl"),
    maxTtl: seconds("token_max_ttl"),
    explicitMaxTtl: seconds("token_explicit_max_ttl", "explicit_max_ttl"),
    period: seconds("token_period", "period"),
  };
}
