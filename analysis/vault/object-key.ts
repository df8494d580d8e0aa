import type { Resource } from "../terraform/synthesized";
import { textOf } from "../terraform/values";

/** Arguments with the mount of an object. */
const MOUNTS = ["backend", "mount"];

/** Arguments with the name of an object. The first that is set counts. */
const NAMES = [
  ...["role_name", "name", "username", "groupname", "group_name", "team", "user", "role", "path"],
  ...["issuer_ref", "object_id", "type"],
];

/** Types with names that Vault converts to lower case, or compares without regard to case. */
const LOWER_CASE =
  /^vault_(policy|[er]gp_policy|(approle|aws|cert|kubernetes)_auth_backend_role|(userpass|ldap)_auth_backend_(user|group)|github_(team|user)|identity_(entity|group))$/;

/** Types of which several resources can describe one object, or that are requests. */
const SHARED =
  /^vault_(token|operation|generic_\w+|\w+_login|\w+_secret_id|identity_\w+_(policies|member_\w+_ids|allowed_client_id)|\w+_(cert|sign|tune|cert_request|set_signed|sign_intermediate|root_cert|config_ca|issuer)|kv_secret(_v2)?|identity_\w+_alias|secrets_sync_\w+|transit_secret_backend_key)$/;

/** Name of an object as Vault stores it. */
export function vaultName(type: string, name: string): string {
  return LOWER_CASE.test(type) ? name.toLowerCase() : name;
}

/** Arguments that identify the object of a resource, from the mount on. */
export function identifyingArguments({ type, attributes }: Pick<Resource, "type" | "attributes">): string[] {
  // An alias has another name after the change that matters most.
  if (/^vault_(identity_\w+_alias|token)$/.test(type)) return [];
  const isSet = (name: string) => attributes[name] !== undefined && attributes[name] !== null;
  const mount = MOUNTS.find(isSet) ?? MOUNTS.find((name) => usual(name, type) !== undefined);
  const kind = /^vault_plugin/.test(type) ? ["type"] : [];
  // A mount has one configuration of each kind.
  const names = /^vault_pki_secret_backend_config_/.test(type) ? [] : NAMES.filter(isSet).slice(0, 1);
  return [...(mount === undefined ? [] : [mount]), ...kind, ...names];
}

/** Names that identify the object of a resource, from the mount on. */
export function namesOf(resource: Pick<Resource, "type" | "attributes">): string[] {
  const { type, attributes } = resource;
  return identifyingArguments(resource).map((name) => {
    const value = textOf(attributes[name] ?? usual(name, type)).replace(/^\/+|\/+$/g, "");
    return MOUNTS.includes(name) ? value.replace(/^auth\//, "") : vaultName(type, value);
  });
}

/** Mount of an object whose argument is absent: the name of the auth method. */
function usual(name: string, type: string): string | undefined {
  return name === "backend"
    ? /^vault_([a-z]+)_auth_backend_(role|user|group|config)$/.exec(type)?.[1]
    : undefined;
}

/**
 * Key of the object that a resource writes. Of two resources with the same key, the one that Terraform applies last
 * holds.
 * @returns undefined if several resources can describe one object
 */
export function objectKey(resource: Resource): string | undefined {
  const names = namesOf(resource);
  if (!resource.type.startsWith("vault_") || SHARED.test(resource.type) || names.length === 0)
    return undefined;
  return [resource.namespace, resource.type, ...names].join("\n");
}

/** Object that several resources write. */
export interface Duplicate {
  /** Key of the object. */
  readonly key: string;
  /** Resources that write it, at least two. */
  readonly resources: readonly Resource[];
}

/** Objects that several resources write. Which of them holds depends on the order in which Terraform applies them. */
export function duplicatesOf(resources: readonly Resource[]): Duplicate[] {
  const byKey = new Map<string, Resource[]>();
  for (const resource of resources) {
    const key = resource.type.startsWith("vault_") ? objectKey(resource) : undefined;
    if (key === undefined) continue;
    const known = byKey.get(key);
    if (known) known.push(resource);
    else byKey.set(key, [resource]);
  }
  return [...byKey].filter(([, all]) => all.length > 1).map(([key, all]) => ({ key, resources: all }));
}
