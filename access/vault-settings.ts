import type { Label } from "./changes";

/** Meaning of the values of an argument for access. */
export type Effect =
  /** List of what is allowed: more entries are wider. */
  | "grants"
  /** List that limits: more entries are wider, and none is no limit. */
  | "limits"
  /** List of what is guarded: fewer entries are wider. */
  | "guards"
  /** Switch that opens: true is wider. */
  | "opens"
  /** Switch that protects: false is wider. */
  | "protects"
  /** Switch that protects unless it is false. */
  | "protects by default"
  /** Number or duration: more is wider; 0 or none is no limit. */
  | "more"
  /** Number or duration: less is wider. */
  | "less"
  /** Number or duration for which data is kept: less loses data; 0 or none is no limit. */
  | "keeps"
  /** Number or duration: more is wider. 0 or none is the default of Vault, and less than 0 is none. */
  | { readonly default: number }
  /** Values in the order in which they widen access. */
  | readonly string[]
  /** Setting of operation, which changes no access. */
  | "operation"
  /** The effect depends on the value. */
  | "unknown";

/** Arguments with their effect, and the label of wider and unknown changes. */
type Entry = readonly [types: RegExp, argument: RegExp, effect: Effect, label?: Label];

const ANY = /^/;

/** Objects that change no access. */
const OPERATION =
  /^vault_(raft_autopilot|operation|kv_secret(_v2)?)$|^vault_pki_.*_(auto_tidy|config_urls|config_cluster)$|^vault_config_ui_custom_message$/;

/** Known arguments. The first match counts. A nested argument has its path, such as `tune.listing_visibility`. */
const ENTRIES: readonly Entry[] = [
  [ANY, /^(disable_(remount|read|delete)|ignore_absent_fields|write_fields)$/, "operation"],
  [ANY, /^namespace$/, "unknown", "cross-namespace"],
  [ANY, /^external_(policies|member_(entity|group)_ids)$/, "opens", "trust"],
  // Records of requests.
  [ANY, /(^|\.)audit_non_hmac_(request|response)_keys$/, "grants", "audit write"],
  [/^vault_audit$/, /\.(log_raw|elide_list_responses)$/, "opens", "audit write"],
  [/^vault_audit$/, /\.hmac_accessor$/, "protects by default", "audit write"],
  [/^vault_audit$/, /^options\./, "unknown", "audit write"],
  [/^vault_audit_request_header$/, /^hmac$/, "protects", "audit write"],
  // Mounts.
  [ANY, /(^|\.)listing_visibility$/, ["hidden", "unauth"], "server"],
  [ANY, /(^|\.)(passthrough_request_headers|allowed_response_headers)$/, "grants", "server"],
  [ANY, /(^|\.)(delegated_auth_accessors|allowed_managed_keys)$/, "grants", "server"],
  [ANY, /(^|\.)plugin_(name|version)$/, "unknown", "server"],
  [ANY, /(^|\.)(max|default)_lease_ttl(_seconds)?$/, "more"],
  [ANY, /(^|\.)token_type$/, "unknown"],
  [ANY, /^(seal_wrap|external_entropy_access|force_no_cache)$/, "protects", "server"],
  [/^vault_(mount|[a-z]+_secret_backend|database_secrets_mount)$/, /^path$/, "operation"],
  [/^vault_mount$/, /^options\.version$/, ["2", "1"], "destroys"],
  [ANY, /(^|\.)user_lockout_config\.(lockout_disable|disable_lockout)$/, "opens", "trust"],
  [ANY, /(^|\.)user_lockout_config\.lockout_threshold$/, "more", "trust"],
  [ANY, /(^|\.)user_lockout_config\.lockout_(duration|counter_reset)$/, "less", "trust"],
  // Logins.
  [/approle/, /^secret_id_(num_uses|ttl)$|^(num_uses|ttl)$/, "more", "trust"],
  [/approle/, /^cidr_list$|_cidrs$/, "limits", "trust"],
  [ANY, /^bind_secret_id$/, "protects by default", "trust"],
  [/^vault_cert_auth/, /^ocsp_(enabled|query_all_servers)$/, "protects", "trust"],
  [/^vault_cert_auth/, /^ocsp_fail_open$/, "opens", "trust"],
  [/^vault_aws_auth/, /^disallow_reauthentication$/, "protects", "trust"],
  [/^vault_aws_auth/, /^allow_instance_migration$/, "opens", "trust"],
  [/^vault_aws_auth/, /^resolve_aws_unique_ids$/, "protects by default", "trust"],
  [/^vault_jwt_auth/, /^clock_skew_leeway$/, { default: 60 }, "trust"],
  [/^vault_jwt_auth/, /_leeway$/, { default: 150 }, "trust"],
  [/^vault_jwt_auth/, /^max_age$/, "more", "trust"],
  [/auth_backend|github/, /(^|\.)(insecure_tls|tls_skip_verify|verbose_oidc_logging)$/, "opens", "trust"],
  [/^vault_token_auth_backend_role$/, /^orphan$/, "opens", "tokens"],
  [/^vault_token_auth_backend_role$/, /^(renewable|path_suffix)$/, "unknown"],
  [ANY, /^(user_claim|groups_claim|bound_claims_type|auth_type|role_type)$/, "unknown", "trust"],
  [ANY, /^alias_name_source$/, "unknown"],
  [ANY, /^token_num_uses$/, "more"],
  [ANY, /^(token_)?no_default_policy$/, "protects"],
  // Identities and second factors.
  [/^vault_identity_group/, /^member_(entity|group)_ids$/, "grants", "trust"],
  [/^vault_identity_entity$/, /^disabled$/, "protects", "trust"],
  [/mfa_login_enforcement$/, /^mfa_method_ids$/, "limits", "trust"],
  [
    /mfa_login_enforcement$/,
    /^(auth_method_(accessors|types)|identity_(entity|group)_ids)$/,
    "guards",
    "trust",
  ],
  [/mfa_totp$/, /^(skew|period|max_validation_attempts)$/, "more", "trust"],
  [
    /^vault_identity_oidc/,
    /^(redirect_uris|assignments|entity_ids|group_ids|allowed_client_ids)$/,
    "grants",
    "trust",
  ],
  [/^vault_identity_oidc/, /^(scopes_supported|scopes)$/, "grants", "trust"],
  [/^vault_identity_oidc_client$/, /^client_type$/, ["confidential", "public"], "trust"],
  [/^vault_identity_oidc_provider$/, /^https_enabled$/, "protects by default", "trust"],
  [/^vault_identity_oidc/, /ttl$|_period$/, "more"],
  // The system.
  [/^vault_quota/, /^(rate|max_leases|secondary_rate)$/, "more", "server"],
  [/^vault_quota/, /^(path|role|interval|group_by)$/, "unknown", "server"],
  [/^vault_quota/, /^inheritable$/, "protects", "server"],
  [/^vault_quota/, /^block_interval$/, "less", "server"],
  [
    /^vault_[er]gp_policy$/,
    /^enforcement_level$/,
    ["hard-mandatory", "soft-mandatory", "advisory"],
    "policy write",
  ],
  [/^vault_egp_policy$/, /^paths$/, "guards", "policy write"],
  [
    /^vault_raft_snapshot_agent/,
    /^(retain|interval_seconds|file_prefix|path_prefix|local_max_space)$/,
    "operation",
  ],
  [OPERATION, ANY, "operation"],
  [/^vault_namespace$/, /^custom_metadata/, "operation"],
  [/^vault_config_cors$/, /^allowed_(origins|headers)$/, "grants", "server"],
  [/^vault_config_cors$/, /^enabled$/, "opens", "server"],
  // Keys and certificates.
  [/^vault_transit/, /^(exportable|allow_plaintext_backup|deletion_allowed)$/, "opens", "key material"],
  [/^vault_transit/, /^(min_(de|en)cryption_version|auto_rotate_period|key_rotation)/, "operation"],
  [/^vault_pki_secret_backend_config_(acme|cmpv2|est|scep)$/, /^enabled$/, "opens", "key material"],
  [
    /^vault_pki_secret_backend_config_acme$/,
    /^eab_policy$/,
    ["always-required", "new-account-required", "not-required"],
    "key material",
  ],
  [/^vault_pki_secret_backend_config_acme$/, /^allow_role_ext_key_usage$/, "opens", "key material"],
  [/^vault_pki_secret_backend_config_acme$/, /^allowed_(roles|issuers)$/, "grants", "key material"],
  [
    /^vault_pki.*_(root_cert|intermediate_cert_request|key)$/,
    /^type$/,
    ["internal", "existing", "kms", "exported"],
    "key material",
  ],
  [/^vault_pki/, /^(max_ttl|ttl)$/, "more"],
  [/^vault_pki.*crl_config$/, /^(disable|ocsp_disable)$/, "opens", "key material"],
  [/^vault_pki.*crl_config$/, ANY, "operation"],
  [/^vault_pki.*_issuer$/, /^leaf_not_after_behavior$/, ["err", "truncate", "permit"], "key material"],
  [/^vault_pki.*_issuer$/, /^usage$/, "grants", "key material"],
  [/^vault_pki.*config_issuers$/, /^default_follows_latest_issuer$/, "opens", "key material"],
  // Secrets engines.
  [/^vault_kv_secret_backend_v2$/, /^(delete_version_after|max_versions)$/, "keeps", "delete"],
  [/^vault_kv_secret_backend_v2$/, /^cas_required$/, "protects"],
  [
    ANY,
    /(^|\.)(connection_url|url|host|hosts|address|tls_server_name|server|tls_ca|ca_cert|ca_pem)$/,
    "unknown",
    "trust",
  ],
  [ANY, /(^|\.)(insecure_tls|tls_skip_verify|insecure|skip_verify|allow_empty_\w+)$/, "opens", "trust"],
  [ANY, /(^|\.)verify_connection$/, "protects by default"],
  [ANY, /(^|\.)allowed_roles$/, "grants", "engine config"],
];

/** Labels of changes that widen access, by the type. The first match counts. */
const CLASSES: readonly (readonly [types: RegExp, label: Label])[] = [
  [/^vault_audit/, "audit write"],
  [/^vault_([er]gp|password)_policy$/, "policy write"],
  [/^vault_(raft_snapshot|secrets_sync)/, "whole storage"],
  [/auth_backend|^vault_(identity|mfa|github|token)/, "trust"],
  [
    /^vault_(pki_secret_backend_(root|intermediate|issuer|key|config_(ca|issuers|acme|cmpv2|est|scep))|transit|managed_keys|ssh_secret_backend_ca)/,
    "key material",
  ],
  [/^vault_(mount|namespace|plugin|quota|raft|config|license)/, "server"],
];

/** Classes of dangerous changes, even with an unknown effect. */
const GRAVE: readonly Label[] = ["audit write", "policy write", "whole storage", "trust", "key material"];

/** Label of a change that widens access to an object of a type. */
export function classOf(type: string): Label {
  return CLASSES.find(([types]) => types.test(type))?.[1] ?? "engine config";
}

/** Effect of an argument, with the label of changes that widen access or whose effect is unknown. */
export function settingOf(
  type: string,
  argument: string,
): { readonly effect: Effect; readonly label?: Label } {
  const entry = ENTRIES.find(([types, names]) => types.test(type) && names.test(argument));
  if (entry) return { effect: entry[2], label: entry[3] };
  const label = classOf(type);
  return { effect: "unknown", ...(isGrave(type, label) && { label }) };
}

/** Returns true for objects that no change leaves harmless. */
function isGrave(type: string, label: Label): boolean {
  return GRAVE.includes(label) || /^vault_(plugin|managed_keys|config)/.test(type);
}

/** Objects that restrict access or record it: without them, more is possible. */
export function isGuard(type: string): boolean {
  return /^vault_(identity_mfa_\w+|mfa_\w+|[er]gp_policy|password_policy|quota_\w+|audit|audit_request_header)$/.test(
    type,
  );
}

/** Objects that give access or secrets to others as soon as they exist. */
export function isOpening(type: string): boolean {
  return /^vault_(identity_(oidc\w*|\w+_alias)|plugin\w*|raft_snapshot_agent_config|secrets_sync_\w+|managed_keys|config_(cors|ui_header|system)|pki_secret_backend_(config_ca|root_sign_intermediate)|\w+_secret_id)$/.test(
    type,
  );
}

/** Objects that change no access. */
export function isOperation(type: string): boolean {
  return OPERATION.test(type);
}
