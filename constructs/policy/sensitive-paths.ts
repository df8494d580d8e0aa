import { overlap, reachesUnnamedMounts } from "./patterns";

/** Risks of access to a path of Vault. */
export type PathRisk =
  | "policy write"
  | "trust"
  | "audit write"
  | "whole storage"
  | "server"
  | "tokens"
  | "engine config"
  | "key material"
  | "delete";

/** Class of paths of Vault's API on which access is a risk. */
export interface SensitivePath {
  /** Pattern of the paths; for a secrets engine relative to its mount. */
  readonly path: string;
  /** Risk of the access. */
  readonly risk: PathRisk;
  /** Capabilities that are a risk: `write` is one that changes something. */
  readonly when: "write" | "any";
}

const of = (risk: PathRisk, when: SensitivePath["when"], ...paths: readonly string[]): SensitivePath[] =>
  paths.map((path) => ({ path, risk, when }));

const AUTH_MOUNTS = ["auth/+", "auth/+/+"];

const inAuthMounts = (...paths: readonly string[]): string[] =>
  AUTH_MOUNTS.flatMap((mount) => paths.map((path) => `${mount}/${path}`));

/**
 * Returns true if a pattern can match paths of a sensitive kind. An auth mount of two segments below a wildcard, such as
 * `auth/secret/data` for `+/secret/data/*`, does not count: no mount is named after the API of another one.
 */
export function reaches(pattern: string, sensitive: string): boolean {
  const isUnlikely = reachesUnnamedMounts(pattern) && pattern !== "*" && sensitive.startsWith("auth/+/+/");
  return !isUnlikely && overlap(pattern, sensitive);
}

/** Paths on which write access allows privilege escalation. */
export const ESCALATION_PATHS: readonly SensitivePath[] = of(
  "policy write",
  "write",
  // Vault also matches names with a trailing slash.
  "sys/policies/+/*",
  "sys/policy/*",
  "sys/auth/+",
  "sys/auth/+/*",
  ...inAuthMounts("role/+", "roles/+", "users/+", "groups/+", "map/+/+", "config", "certs/+"),
  ...inAuthMounts("users/+/+", "config/+", "config/+/+", "crls/+"),
  "auth/token/create*",
  "identity/entity*",
  "identity/group*",
  "identity/alias*",
  "identity/persona*",
  "identity/mfa*",
  "sys/namespaces/*",
);

/** Sensitive paths of the system, of logins and of identities. */
export const SYSTEM_PATHS: readonly SensitivePath[] = [
  ...ESCALATION_PATHS,
  ...of("policy write", "write", ...inAuthMounts("role/+/*", "roletag-denylist/*", "tidy/*"), "sys/policies"),
  ...of("trust", "write", "identity/oidc/config", "identity/oidc/key/*", "identity/oidc/role/*"),
  ...of("trust", "write", "identity/oidc/assignment/*", "identity/oidc/scope/*", "identity/oidc/provider/+"),
  ...of("trust", "any", "identity/oidc/client/*"),
  ...of("trust", "write", "sys/mfa/*", "sys/control-group/authorize"),
  ...of("audit write", "write", "sys/audit/*", "sys/config/auditing/*"),
  ...of("whole storage", "any", "sys/storage/raft/snapshot", "sys/storage/raft/snapshot-force"),
  ...of("whole storage", "any", "sys/storage/raft/snapshot-load*", "sys/storage/raft/snapshot-auto/config*"),
  ...of("whole storage", "any", "sys/raw", "sys/raw/*"),
  ...of("server", "write", "sys/mounts/*", "sys/remount*", "sys/seal", "sys/unseal", "sys/step-down"),
  ...of("server", "write", "sys/rotate*", "sys/storage/raft/*", "sys/plugins/*", "sys/config/*"),
  ...of("server", "write", "sys/quotas/*", "sys/license*", "sys/loggers*", "sys/locked-users/*", "sys/init"),
  ...of("server", "write", "sys/activation-flags/*", "sys/sealwrap/*", "sys/rollback/*"),
  ...of("server", "any", "sys/rekey*", "sys/generate-root*", "sys/generate-recovery-token*"),
  ...of("server", "any", "sys/replication/*", "sys/managed-keys/*", "sys/sync/*", "sys/internal/counters/*"),
  ...of("server", "any", "sys/internal/inspect/*", "sys/pprof*", "sys/monitor", "sys/in-flight-req"),
  ...of("server", "any", "sys/events/subscribe/*"),
  ...of("tokens", "write", "sys/leases/revoke*", "sys/leases/tidy", "sys/revoke*"),
  ...of("tokens", "any", "sys/leases/lookup/*", "auth/token/accessors*", "auth/token/lookup-accessor"),
  ...of("tokens", "write", "auth/token/revoke", "auth/token/revoke-orphan", "auth/token/revoke-accessor"),
  ...of("tokens", "write", "auth/token/renew-accessor", "auth/token/tidy"),
  ...of("tokens", "write", ...inAuthMounts("role/+/secret-id*", "role/+/custom-secret-id")),
];

/** Settings that engines for credentials of another system have in common. */
const CREDENTIAL_ENGINE = [
  ...of("engine config", "write", "config", "config/*", "rotate-root*", "roles/*", "role/*", "rotate-role/*"),
  ...of("engine config", "write", "static-roles/*", "static-role/*", "roleset/*", "static-account/*"),
  ...of("engine config", "write", "impersonated-account/*", "library/+", "library/manage/*"),
  ...of("engine config", "write", "reset/*", "reload/*", "scope/*", "connection/*"),
];

/** Paths with words that no other engine has. They count at mounts of any depth. */
const DISTINCT: readonly SensitivePath[] = [
  ...of(
    "key material",
    "write",
    "root/generate/*",
    "root/rotate/*",
    "root/replace",
    "root/sign-intermediate",
  ),
  ...of("key material", "write", "root/sign-self-issued", "intermediate/*", "sign-verbatim*", "issuers/*"),
  ...of("key material", "write", "issuer/+/sign-verbatim*", "issuer/+/sign-intermediate"),
  ...of("key material", "write", "issuer/+/sign-self-issued", "issuer/+/resign-crls", "keys/generate/*"),
  ...of("key material", "any", "byok-export/*"),
  ...["encryption-key", "signing-key", "hmac-key", "public-key", "certificate-chain", "ci-key"].flatMap(
    (kind) => of("key material", "any", `export/${kind}/*`),
  ),
  ...of("engine config", "write", "rotate-root", "rotate-root/*"),
];

const PKI = [
  ...DISTINCT,
  ...of("key material", "write", "root", "root/*", "issuer/+", "issuer/+/issue/*", "keys/*", "key/+"),
  ...of("key material", "write", "config/ca", "config/issuers", "config/keys"),
  ...of("engine config", "write", "config/*", "roles/*", "eab/*", "tidy*", "revoke*"),
];

const TRANSIT = [
  ...of("key material", "any", "export/*", "backup/*", "byok-export/*"),
  ...of("key material", "write", "restore", "restore/*", "keys/*", "config/*"),
  ...of("engine config", "write", "cache-config"),
];

const KEY_VALUE = [
  ...of("delete", "write", "delete/*", "destroy/*"),
  ...of("engine config", "write", "config"),
];

/** Sensitive paths of secrets engines relative to their mounts, by the type of the engine. */
const ENGINE_PATHS: Readonly<Record<string, readonly SensitivePath[]>> = {
  cubbyhole: [],
  generic: [],
  kv: KEY_VALUE,
  "kv-v2": KEY_VALUE,
  pki: PKI,
  transit: TRANSIT,
  keymgmt: [...of("key material", "write", "key/*", "kms/*"), ...CREDENTIAL_ENGINE],
  ssh: [...of("key material", "write", "config/ca", "keys/*", "issuer/*"), ...CREDENTIAL_ENGINE],
  totp: of("key material", "write", "keys/*"),
  transform: [
    ...of("engine config", "write", "role/*", "transformation*", "template/*", "alphabet/*", "stores/*"),
    ...of("key material", "any", "tokenization/keys/*", "transformations/tokenization/export-decoded/*"),
  ],
};

const BY_SHAPE = [...KEY_VALUE, ...PKI, ...TRANSIT, ...CREDENTIAL_ENGINE].filter(
  ({ path, risk }, index, all) => all.findIndex((one) => one.path === path && one.risk === risk) === index,
);

/** Sensitive paths of a secrets engine. @param type such as pki @default - unknown: those of all engines */
export function enginePaths(type?: string): readonly SensitivePath[] {
  if (type === undefined) return BY_SHAPE;
  return Object.hasOwn(ENGINE_PATHS, type) ? ENGINE_PATHS[type] : CREDENTIAL_ENGINE;
}

/** Sensitive paths of secrets engines at mounts with an unknown type and any number of segments. */
export const DISTINCT_ENGINE_PATHS: readonly SensitivePath[] = DISTINCT;
