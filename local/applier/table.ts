import type { Values } from "./program";

/** Mapping of a resource of Terraform's Vault provider to Vault's API. Paths are relative to `/v1/`. */
export interface ResourceType {
  /** Path to write to. */
  readonly path: (values: Values) => string;
  /** Fields to write. Vault chooses those that are undefined or null. */
  readonly body: (values: Values) => Values;
  /**
   * Path that returns the current values, with the fields of the body.
   * @default - none; the result is recorded in a file
   */
  readonly read?: (values: Values) => { readonly path: string; readonly key?: string };
  /** Converts Vault's answer to the fields of the body. */
  readonly found?: (data: Values) => Values;
  /**
   * Request that updates an existing object; `never` if Vault cannot change it.
   * @default - the request that creates it
   */
  readonly change?: "never" | ((values: Values) => { readonly path: string; readonly body: Values });
  /** Fields that Vault does not return. They are written once per version. */
  readonly writeOnly?: (values: Values) => { readonly version: unknown; readonly body: Values };
  /**
   * Version to record for a write.
   * @default - a digest of the body; the resource is written only once
   */
  readonly version?: (values: Values, triggers: unknown) => unknown;
  /** Attributes that other resources may refer to besides the arguments, taken from Vault's answer. */
  readonly attributes?: (data: Values) => Values;
}

/**
 * All resource types of `local-config`, with the provider's defaults that differ from Vault's.
 * @see https://registry.terraform.io/providers/hashicorp/vault/latest/docs
 * @see https://developer.hashicorp.com/vault/api-docs
 */
export const table: Readonly<Record<string, ResourceType>> = {
  vault_audit: {
    path: inPath("sys/audit/{path}"),
    body: (values) => omit(values, "path"),
    read: ({ path }) => ({ path: "sys/audit", key: `${path}/` }),
    change: "never",
  },
  vault_auth_backend: {
    path: inPath("sys/auth/{path}"),
    body: ({ tune, ...rest }) => ({ ...omit(rest, "path"), config: authTune(tune) }),
    read: ({ path }) => ({ path: "sys/auth", key: `${path}/` }),
    change: ({ path, tune, ...rest }) => ({
      path: `sys/mounts/auth/${path}/tune`,
      body: { ...omit(rest, "type"), ...authTune(tune) },
    }),
  },
  vault_database_secret_backend_connection: {
    path: inPath("{backend}/config/{name}"),
    body: ({ postgresql, ...rest }) => ({
      plugin_name: "postgresql-database-plugin",
      disable_escaping: false,
      ...omit(rest, "backend", "name"),
      ...omit(block(postgresql), "password_wo", "password_wo_version"),
    }),
    read: ({ backend, name }) => ({ path: `${backend}/config/${name}` }),
    found: ({ connection_details, ...rest }) => ({ ...rest, ...(connection_details as Values) }),
    writeOnly: ({ postgresql }) => {
      const { password_wo, password_wo_version } = block(postgresql);
      return { version: password_wo_version, body: { password: password_wo } };
    },
  },
  vault_database_secret_backend_role: setting("{backend}/roles/{name}"),
  vault_generic_endpoint: {
    path: inPath("{path}"),
    body: ({ data_json, ...rest }) => ({
      ...omit(rest, "path", "disable_read", "disable_delete"),
      ...JSON.parse(String(data_json)),
    }),
    version: (_values, triggers) => triggers,
  },
  vault_kubernetes_auth_backend_config: setting("auth/{backend}/config", (values) => ({
    disable_iss_validation: false,
    ...values,
  })),
  vault_kubernetes_auth_backend_role: setting("auth/{backend}/role/{role_name}", (values) => ({
    ...values,
    // Terraform treats it as a set; Vault returns it sorted.
    token_policies: [...(values.token_policies as string[])].sort(),
  })),
  vault_kv_secret_backend_v2: setting("{mount}/config"),
  vault_kv_secret_v2: {
    path: inPath("{mount}/data/{name}"),
    body: ({ data_json_wo, ...rest }) => ({
      ...omit(rest, "mount", "name", "data_json_wo_version", "disable_read"),
      data: JSON.parse(String(data_json_wo)),
    }),
    version: ({ data_json_wo_version }) => data_json_wo_version,
  },
  vault_mount: {
    path: inPath("sys/mounts/{path}"),
    body: ({ type, description, options, ...rest }) => ({
      type,
      description,
      options,
      config: leases(omit(rest, "path")),
    }),
    read: ({ path }) => ({ path: "sys/mounts", key: `${path}/` }),
    change: ({ path, ...rest }) => ({
      path: `sys/mounts/${path}/tune`,
      body: leases(omit(rest, "type")),
    }),
  },
  vault_password_policy: setting("sys/policies/password/{name}"),
  vault_pki_secret_backend_config_auto_tidy: setting("{backend}/config/auto-tidy"),
  vault_pki_secret_backend_config_cluster: setting("{backend}/config/cluster"),
  vault_pki_secret_backend_config_issuers: setting("{backend}/config/issuers"),
  vault_pki_secret_backend_config_urls: setting("{backend}/config/urls"),
  vault_pki_secret_backend_crl_config: setting("{backend}/config/crl"),
  vault_pki_secret_backend_intermediate_cert_request: {
    ...action("{backend}/issuers/generate/intermediate/{type}"),
    attributes: ({ csr }) => ({ csr }),
  },
  vault_pki_secret_backend_intermediate_set_signed: {
    ...action("{backend}/intermediate/set-signed"),
    attributes: ({ imported_issuers }) => ({ imported_issuers }),
  },
  vault_pki_secret_backend_issuer: {
    ...setting("{backend}/issuer/{issuer_ref}", (values) => ({
      revocation_signature_algorithm: "",
      ...values,
    })),
    attributes: ({ issuer_id }) => ({ issuer_id }),
  },
  vault_pki_secret_backend_role: setting("{backend}/roles/{name}"),
  vault_pki_secret_backend_root_cert: {
    ...action("{backend}/issuers/generate/root/{type}"),
    attributes: ({ issuer_id }) => ({ issuer_id }),
  },
  vault_pki_secret_backend_root_sign_intermediate: {
    ...action("{backend}/issuer/{issuer_ref}/sign-intermediate"),
    attributes: ({ certificate, issuing_ca }) => ({ certificate_bundle: `${certificate}\n${issuing_ca}` }),
  },
  vault_policy: setting("sys/policies/acl/{name}"),
  vault_quota_rate_limit: setting("sys/quotas/rate-limit/{name}"),
  vault_raft_autopilot: setting("sys/storage/raft/autopilot/configuration"),
};

/** A resource that is read at the path where it is written. Vault's names of the arguments are the same. */
function setting(path: string, change: (values: Values) => Values = (values) => values): ResourceType {
  return {
    path: inPath(path),
    body: (values) => change(beyondPath(path, values)),
    read: (values) => ({ path: inPath(path)(values) }),
  };
}

/** A resource that is written once. Vault's names of the arguments are the same. */
function action(path: string): ResourceType {
  return { path: inPath(path), body: (values) => beyondPath(path, values) };
}

const ARGUMENT = /\{(\w+)\}/g;

function inPath(path: string): (values: Values) => string {
  return (values) => path.replace(ARGUMENT, (_text, argument) => String(values[argument]));
}

function beyondPath(path: string, values: Values): Values {
  return omit(values, ...[...path.matchAll(ARGUMENT)].map(([, argument]) => argument));
}

function omit(values: Values, ...names: string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}

/** A nested block, which may be wrapped in a list of one. */
function block(value: unknown): Values {
  return (Array.isArray(value) ? value[0] : value) as Values;
}

function leases({ default_lease_ttl_seconds, max_lease_ttl_seconds, ...rest }: Values): Values {
  return { default_lease_ttl: default_lease_ttl_seconds, max_lease_ttl: max_lease_ttl_seconds, ...rest };
}

const TUNE_LISTS = [
  "allowed_response_headers",
  "audit_non_hmac_request_keys",
  "audit_non_hmac_response_keys",
  "passthrough_request_headers",
];

/** The provider writes an omitted list as a list with one empty string. */
function authTune(tune: unknown): Values {
  const given = block(tune);
  return { ...given, ...Object.fromEntries(TUNE_LISTS.map((list) => [list, given[list] ?? [""]])) };
}
