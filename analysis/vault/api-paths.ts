import { posix } from "node:path";
import type { Json } from "../terraform/blocks";
import { listOf, textOf } from "../terraform/values";

/** Object of Vault that a write on a path of its API stands for. */
export interface ApiObject {
  /** Type of the Vault provider, such as vault_policy; of the same form if the provider has none. */
  readonly type: string;
  /** Arguments that the path contains, such as the name. */
  readonly names: Json;
}

/** Types of the mounts of a Vault, by their paths. */
export interface MountTypes {
  /** Auth methods by the path of the mount, without `auth/`. */
  readonly methods: ReadonlyMap<string, string>;
  /** Secrets engines by the path of the mount. */
  readonly engines: ReadonlyMap<string, string>;
}

/**
 * Path as Vault receives it. Its client cleans it as Go's `path.Join`: slashes at both ends, double ones and dots.
 * @see https://github.com/hashicorp/vault/blob/v1.21.0/api/client.go
 */
export function normalApiPath(path: string): string {
  return posix
    .normalize(`/${path.trim()}`)
    .replace(/^\/+(v1\/)?|\/+$/g, "")
    .replace(/^\/+/, "");
}

type Entry = readonly [path: string, type: string];

/** Paths of the system and of identities. `{x}` is one segment, `{x*}` one or more. The first match counts. */
const SYSTEM: readonly Entry[] = [
  ["sys/policy/{name}", "policy"],
  ["sys/policies/acl/{name}", "policy"],
  ["sys/policies/egp/{name}", "egp_policy"],
  ["sys/policies/rgp/{name}", "rgp_policy"],
  ["sys/policies/password/{name}", "password_policy"],
  ["sys/audit/{path*}", "audit"],
  ["sys/config/auditing/request-headers/{name}", "audit_request_header"],
  ["sys/auth/{path*}/tune", "auth_backend_tune"],
  ["sys/mounts/auth/{path*}/tune", "auth_backend_tune"],
  ["sys/auth/{path*}", "auth_backend"],
  ["sys/mounts/{path*}/tune", "mount_tune"],
  ["sys/mounts/{path*}", "mount"],
  ["sys/namespaces/{path}", "namespace"],
  ["sys/quotas/rate-limit/{name}", "quota_rate_limit"],
  ["sys/quotas/lease-count/{name}", "quota_lease_count"],
  ["sys/quotas/config", "quota_config"],
  ["sys/plugins/catalog/{type}/{name}", "plugin"],
  ["sys/plugins/pins/{type}/{name}", "plugin_pinned_version"],
  ["sys/storage/raft/snapshot-auto/config/{name}", "raft_snapshot_agent_config"],
  ["sys/storage/raft/autopilot/configuration", "raft_autopilot"],
  ["sys/sync/config", "secrets_sync_config"],
  ["sys/sync/destinations/{type}/{name}", "secrets_sync_destination"],
  ["sys/sync/destinations/{type}/{name}/associations/set", "secrets_sync_association"],
  ["sys/managed-keys/{type}/{name}", "managed_keys"],
  ["sys/mfa/method/{type}/{name}", "mfa_method"],
  ["sys/config/cors", "config_cors"],
  ["sys/config/ui/headers/{name}", "config_ui_header"],
  ["sys/config/ui/custom-messages", "config_ui_custom_message"],
  ["sys/config/{name*}", "config_system"],
  ["sys/internal/counters/config", "config_counters"],
  ["identity/entity", "identity_entity"],
  ["identity/entity/name/{name}", "identity_entity"],
  ["identity/entity/id/{object_id}", "identity_entity"],
  ["identity/entity-alias", "identity_entity_alias"],
  ["identity/entity-alias/id/{object_id}", "identity_entity_alias"],
  ["identity/group", "identity_group"],
  ["identity/group/name/{name}", "identity_group"],
  ["identity/group/id/{object_id}", "identity_group"],
  ["identity/group-alias", "identity_group_alias"],
  ["identity/group-alias/id/{object_id}", "identity_group_alias"],
  ["identity/mfa/login-enforcement/{name}", "identity_mfa_login_enforcement"],
  ["identity/mfa/method/{type}", "identity_mfa_{type}"],
  ["identity/mfa/method/{type}/{name}", "identity_mfa_{type}"],
  ["identity/oidc/config", "identity_oidc"],
  ["identity/oidc/{kind}/{name}", "identity_oidc_{kind}"],
];

/** Paths of auth mounts. `{method}` is the type of the mount. */
const LOGINS: readonly Entry[] = [
  ["auth/token/roles/{role_name}", "token_auth_backend_role"],
  ["auth/{backend*}/role/{role_name}", "{method}_auth_backend_role"],
  ["auth/{backend*}/roles/{role_name}", "{method}_auth_backend_role"],
  ["auth/{backend*}/user/{username}", "{method}_auth_backend_user"],
  ["auth/{backend*}/users/{username}", "{method}_auth_backend_user"],
  ["auth/{backend*}/group/{groupname}", "{method}_auth_backend_group"],
  ["auth/{backend*}/groups/{groupname}", "{method}_auth_backend_group"],
  ["auth/{backend*}/cert/{name}", "cert_auth_backend_role"],
  ["auth/{backend*}/certs/{name}", "cert_auth_backend_role"],
  ["auth/{backend*}/crls/{name}", "cert_auth_backend_crl"],
  ["auth/{backend*}/map/teams/{team}", "github_team"],
  ["auth/{backend*}/map/users/{user}", "github_user"],
  ["auth/{backend*}/config", "{method}_auth_backend_config"],
  ["auth/{backend*}/config/{name*}", "{method}_auth_backend_config"],
];

/** Paths of secrets engines, relative to their mounts, by the type of the engine. */
const ENGINES: Readonly<Record<string, readonly Entry[]>> = {
  database: [
    ["config/{name}", "database_secret_backend_connection"],
    ["roles/{name}", "database_secret_backend_role"],
    ["static-roles/{name}", "database_secret_backend_static_role"],
    ["rotate-root/{name}", "operation"],
    ["rotate-role/{name}", "operation"],
  ],
  pki: [
    ["roles/{name}", "pki_secret_backend_role"],
    ["config/ca", "pki_secret_backend_config_ca"],
    ["config/{kind}", "pki_secret_backend_config_{kind}"],
    ["root/generate/{type}", "pki_secret_backend_root_cert"],
    ["root/sign-intermediate", "pki_secret_backend_root_sign_intermediate"],
    ["issuer/{name}", "pki_secret_backend_issuer"],
    ["issuers/import/{type}", "pki_secret_backend_config_ca"],
    ["intermediate/generate/{type}", "pki_secret_backend_intermediate_cert_request"],
    ["intermediate/set-signed", "pki_secret_backend_intermediate_set_signed"],
    ["crl/rotate", "operation"],
    ["tidy", "operation"],
  ],
  transit: [
    ["keys/{name}", "transit_secret_backend_key"],
    ["keys/{name}/config", "transit_secret_backend_key"],
    ["keys/{name}/rotate", "operation"],
    ["cache-config", "transit_secret_cache_config"],
  ],
  kv: [
    ["config", "kv_secret_backend_v2"],
    ["data/{name*}", "kv_secret_v2"],
    ["metadata/{name*}", "kv_secret_v2"],
    ["{name*}", "kv_secret"],
  ],
  ssh: [
    ["roles/{name}", "ssh_secret_backend_role"],
    ["config/ca", "ssh_secret_backend_ca"],
  ],
};

/** Paths that most engines for credentials of another system have. `{engine}` is the type of the mount. */
const CREDENTIALS: readonly Entry[] = [
  ["config", "{engine}_secret_backend"],
  ["config/{name*}", "{engine}_secret_backend"],
  ["roles/{name}", "{engine}_secret_backend_role"],
  ["role/{name}", "{engine}_secret_backend_role"],
  ["static-roles/{name}", "{engine}_secret_backend_static_role"],
  ["static-role/{name}", "{engine}_secret_backend_static_role"],
  ["roleset/{name}", "{engine}_secret_roleset"],
  ["rotate-root", "operation"],
];

/** Engines and methods by the usual path of their mounts, for mounts that are created elsewhere. */
const USUAL_ENGINES = [
  "ad",
  "aws",
  "azure",
  "consul",
  "database",
  "gcp",
  "kubernetes",
  "ldap",
  "nomad",
  "pki",
];
const MORE_ENGINES = ["rabbitmq", "ssh", "terraform", "transit", "kv", "secret"];
const USUAL_METHODS = ["alicloud", "approle", "aws", "azure", "cert", "gcp", "github", "jwt", "kerberos"];
const MORE_METHODS = ["kubernetes", "ldap", "oci", "oidc", "okta", "radius", "saml", "token", "userpass"];

/** Object that a write on a path stands for. @returns undefined for a path that is not in the tables */
export function apiObject(path: string, data: Json, mounts: MountTypes): ApiObject | undefined {
  const login = find(LOGINS, path);
  if (login) {
    const method = login.type.includes("{method}") ? methodOf(textOf(login.names.backend), data, mounts) : "";
    return named(login, { method });
  }
  const system = find(SYSTEM, path);
  if (system) return named(system, {});
  if (/^(sys|auth|identity|cubbyhole)(\/|$)/.test(path)) return undefined;
  const mount = mountOf(path, mounts);
  const engine = mount && engineOf(mount, data, mounts);
  if (engine === undefined) return undefined;
  const found = find(ENGINES[engine] ?? CREDENTIALS, path.slice(mount!.length + 1));
  return found && named({ type: found.type, names: { backend: mount, ...found.names } }, { engine });
}

/** Replaces the placeholders of a type. */
function named({ type, names }: ApiObject, words: Readonly<Record<string, string>>): ApiObject {
  const filled = type.replace(/\{(\w+)\}/g, (_, word: string) => textOf(words[word] ?? names[word]));
  const others = Object.fromEntries(Object.entries(names).filter(([name]) => name !== "kind"));
  return { type: `vault_${filled.replaceAll("-", "_")}`, names: others };
}

const patterns = new Map<string, RegExp>();

function find(entries: readonly Entry[], path: string): ApiObject | undefined {
  for (const [template, type] of entries) {
    const source = template.replace(/\{(\w+)(\*?)\}/g, (_, name: string, many: string) =>
      many ? `(?<${name}>.+?)` : `(?<${name}>[^/]+)`,
    );
    const pattern = patterns.get(template) ?? new RegExp(`^${source}$`);
    patterns.set(template, pattern);
    const match = pattern.exec(path);
    if (match) return { type, names: { ...match.groups } };
  }
  return undefined;
}

function methodOf(mount: string, data: Json, { methods }: MountTypes): string {
  const known = methods.get(mount);
  if (known !== undefined) return known === "oidc" ? "jwt" : known;
  if (mount === "oidc") return "jwt";
  if ([...USUAL_METHODS, ...MORE_METHODS].includes(mount)) return mount;
  if (data.bound_service_account_names !== undefined) return "kubernetes";
  return data.user_claim === undefined && data.bound_claims === undefined ? "unknown" : "jwt";
}

/** Mount of a path: the longest that the code has, else the first segment. */
function mountOf(path: string, { engines }: MountTypes): string | undefined {
  const known = [...engines.keys()].filter((mount) => path.startsWith(`${mount}/`));
  const [longest] = known.sort((a, b) => b.length - a.length);
  return longest ?? (path.includes("/") ? path.slice(0, path.indexOf("/")) : undefined);
}

function engineOf(mount: string, data: Json, { engines }: MountTypes): string | undefined {
  const known = engines.get(mount);
  if (known !== undefined) return known.replace(/^(generic|kv-v[12])$/, "kv");
  if ([...USUAL_ENGINES, ...MORE_ENGINES].includes(mount)) return mount === "secret" ? "kv" : mount;
  return data.creation_statements === undefined ? undefined : "database";
}

/** Fields that Vault also reads as a text with commas. */
const LISTS =
  /(^|_)policies$|^bound_(?!claims|subject)|_cidrs$|^allowed_|_ids$|^member_|_keys$|_headers$|^policies_glob/;

/** Data of a write with the names of the provider's arguments. */
export function argumentsOf(object: ApiObject, data: Json): Json {
  return Object.fromEntries(Object.entries(renamed(object, data)).filter(([, value]) => value !== undefined));
}

function renamed({ type, names }: ApiObject, data: Json): Json {
  const { policies, ttl, max_ttl, period, rules, config, value, ...rest } = Object.fromEntries(
    Object.entries(data).map(([name, item]) => [name, LISTS.test(name) ? splitAtCommas(item) : item]),
  );
  const others: Json = { ...rest, ...(config !== null && typeof config === "object" ? config : { config }) };
  if (/^vault_github_(team|user)$/.test(type)) return { ...others, ...names, policies: splitAtCommas(value) };
  if (/^vault_\w+_auth_backend_(role|user|group)$/.test(type)) {
    return {
      token_policies: policies,
      token_ttl: ttl,
      token_max_ttl: max_ttl,
      token_period: period,
      ...others,
      ...names,
    };
  }
  const given = { policies, ttl, max_ttl, period, value, ...others, ...names };
  return type === "vault_policy" ? { ...given, policy: rest.policy || rules } : { ...given, rules };
}

function splitAtCommas(value: unknown): unknown {
  return typeof value === "string" && value.includes(",")
    ? listOf(value.split(",").map((item) => item.trim()))
    : value;
}
