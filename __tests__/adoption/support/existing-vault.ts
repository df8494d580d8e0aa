import type { PostgresServer } from "../../support/servers/postgres";
import type { DevVault } from "../../support/servers/dev-vault";

const DAY = 86400;

/** Sets up a Vault manually. No setting has the value that this library would choose. */
export async function setUpExistingVault(vault: DevVault, postgres: PostgresServer): Promise<void> {
  const write = (path: string, body: object = {}) => vault.write(path, body);
  const tuned = {
    default_lease_ttl: "7200s",
    max_lease_ttl: "172800s",
    audit_non_hmac_request_keys: ["cas"],
    audit_non_hmac_response_keys: ["version"],
    passthrough_request_headers: ["X-Request-Id"],
    allowed_response_headers: ["X-Answer"],
    listing_visibility: "unauth",
  };
  const mount = (path: string, type: string, more: object = {}) =>
    write(`sys/mounts/${path}`, { type, description: `${type} by hand`, config: tuned, ...more });
  const auth = (path: string, type: string) =>
    write(`sys/auth/${path}`, {
      type,
      description: `${type} by hand`,
      config: { ...tuned, token_type: "default-batch" },
    });

  await mount("kv", "kv", { options: { version: "2" } });
  await write("kv/config", { max_versions: 50, cas_required: true, delete_version_after: "720h" });
  for (let version = 0; version < 8; version++) {
    await write("kv/data/orders/config", { options: { cas: version }, data: { value: `v${version + 1}` } });
  }

  await mount("db", "database");
  await postgres.query(
    postgres.superuser("postgres"),
    "CREATE ROLE vault_by_hand LOGIN SUPERUSER PASSWORD 'by-hand'",
    "CREATE ROLE reports LOGIN PASSWORD 'old'",
  );
  await write("db/config/orders-db", {
    plugin_name: "postgresql-database-plugin",
    connection_url: `postgresql://{{username}}:{{password}}@localhost:${postgres.port}/postgres?sslmode=require`,
    username: "vault_by_hand",
    password: "by-hand",
    allowed_roles: ["orders", "reports", "other"],
    max_open_connections: 9,
    max_idle_connections: 3,
    max_connection_lifetime: "30s",
    username_template: "v-{{.RoleName}}-{{random 8}}",
    root_rotation_statements: ["ALTER ROLE \"{{name}}\" PASSWORD '{{password}}'"],
    password_authentication: "password",
  });
  await write("sys/policies/password/long", {
    policy: 'length = 40\nrule "charset" { charset = "abcdefghij" }',
  });
  await write("db/roles/orders", {
    db_name: "orders-db",
    creation_statements: ["CREATE ROLE \"{{name}}\" LOGIN PASSWORD '{{password}}'"],
    revocation_statements: ['DROP ROLE "{{name}}"'],
    rollback_statements: ["SELECT 1"],
    renew_statements: ["SELECT 2"],
    default_ttl: 5 * DAY,
    max_ttl: 6 * DAY,
    credential_config: { password_policy: "long" },
  });
  await write("db/static-roles/reports", {
    db_name: "orders-db",
    username: "reports",
    rotation_schedule: "0 3 * * 6",
    rotation_window: "2h",
    rotation_statements: ["ALTER ROLE \"{{name}}\" PASSWORD '{{password}}'"],
  });

  await mount("crypto", "transit");
  await write("crypto/keys/cards", { type: "chacha20-poly1305", derived: true, convergent_encryption: true });
  for (let version = 1; version < 3; version++) await write("crypto/keys/cards/rotate");
  await write("crypto/keys/cards/config", {
    min_decryption_version: 2,
    min_encryption_version: 3,
    deletion_allowed: true,
    exportable: true,
    allow_plaintext_backup: true,
    auto_rotate_period: "48h",
  });

  for (const path of ["ca-root", "ca"]) {
    await mount(path, "pki");
    await write(`${path}/root/generate/internal`, { common_name: `${path} by hand`, ttl: "36h" });
    await write(`${path}/config/cluster`, {
      path: "https://a.example.com/v1/ca",
      aia_path: "http://b.example.com",
    });
    await write(`${path}/config/urls`, {
      issuing_certificates: ["http://pki.example.com/ca.pem"],
      crl_distribution_points: ["http://pki.example.com/crl.pem"],
      ocsp_servers: ["http://ocsp.example.com"],
      enable_templating: false,
    });
    await write(`${path}/config/crl`, {
      expiry: "31h",
      ocsp_expiry: "3h",
      auto_rebuild: true,
      auto_rebuild_grace_period: "5h",
      enable_delta: false,
      delta_rebuild_interval: "17m",
      max_crl_entries: 777,
    });
    await write(`${path}/config/auto-tidy`, {
      enabled: true,
      interval_duration: "11h",
      tidy_expired_issuers: true,
      safety_buffer: "101h",
      issuer_safety_buffer: "202h",
      pause_duration: "1s",
    });
  }
  await write("ca/roles/orders", {
    allowed_domains: ["orders.internal"],
    allow_any_name: true,
    allow_ip_sans: false,
    require_cn: false,
    key_type: "rsa",
    key_bits: 4096,
    key_usage: ["DigitalSignature"],
    ext_key_usage: ["EmailProtection"],
    ou: ["orders"],
    organization: ["Example"],
    ttl: "3h",
    max_ttl: "5h",
    no_store: true,
    not_before_duration: "77s",
    allowed_uri_sans: ["spiffe://example/orders"],
  });

  await auth("k8s", "kubernetes");
  await write("auth/k8s/config", {
    kubernetes_host: "https://10.0.0.1:6443",
    kubernetes_ca_cert: postgres.caCertificate,
    issuer: "https://issuer.example.com",
    disable_iss_validation: false,
    disable_local_ca_jwt: true,
    token_reviewer_jwt: REVIEWER,
  });
  const token = {
    token_policies: ["orders", "team-shared"],
    token_ttl: 1800,
    token_max_ttl: 9000,
    token_explicit_max_ttl: 10000,
    token_bound_cidrs: ["10.0.0.0/8"],
    token_no_default_policy: true,
    token_num_uses: 7,
    token_type: "service",
  };
  await write("auth/k8s/role/orders", {
    ...token,
    bound_service_account_names: ["orders"],
    bound_service_account_namespaces: ["production"],
    alias_name_source: "serviceaccount_name",
  });

  await auth("gitlab", "jwt");
  await write("auth/gitlab/config", {
    jwt_validation_pubkeys: [PUBLIC_KEY],
    bound_issuer: "https://gitlab.example.com",
    jwt_supported_algs: ["RS512"],
    default_role: "plan",
  });
  await write("auth/gitlab/role/plan", {
    ...token,
    role_type: "jwt",
    user_claim: "/user/login",
    user_claim_json_pointer: true,
    bound_audiences: ["gitlab", "vault"],
    bound_claims_type: "glob",
    bound_claims: { project_path: ["example/*", "other/*"] },
    claim_mappings: { namespace: "team" },
    clock_skew_leeway: 11,
    expiration_leeway: 12,
    not_before_leeway: 13,
  });

  await auth("sso", "oidc");
  await write("auth/sso/role/staff", {
    ...token,
    role_type: "oidc",
    user_claim: "email",
    groups_claim: "roles",
    oidc_scopes: ["email"],
    allowed_redirect_uris: ["https://vault.example.com/oidc"],
    bound_claims: { roles: ["vault-ops", "vault-dev"] },
    max_age: 600,
    verbose_oidc_logging: true,
  });
  const { data: group } = await write("identity/group", {
    name: "operators",
    type: "external",
    policies: ["operators", "default"],
    metadata: { owner: "platform" },
  });
  const { accessor } = (await vault.read("sys/auth"))["sso/"];
  await write("identity/group-alias", {
    name: "vault-ops",
    mount_accessor: accessor,
    canonical_id: group.id,
  });

  await auth("cloud", "aws");
  await write("auth/cloud/config/client", {
    access_key: "AKIAIOSFODNN7EXAMPLE",
    secret_key: "not-a-key",
    sts_endpoint: "https://sts.eu-west-1.amazonaws.com",
    sts_region: "eu-west-1",
    iam_server_id_header_value: "by-hand",
    max_retries: 4,
  });
  await write("auth/cloud/role/batch", {
    ...token,
    auth_type: "iam",
    resolve_aws_unique_ids: false,
    bound_iam_principal_arn: ["arn:aws:iam::111111111111:role/batch", "arn:aws:iam::111111111111:role/other"],
  });

  for (const [name, path] of Object.entries({
    orders: "kv/data/orders/*",
    plan: "sys/mounts",
    batch: "kv/x",
    operators: "sys/health",
  })) {
    await write(`sys/policies/acl/${name}`, {
      policy: `# by hand\n  path "${path}" { capabilities=["read"] }`,
    });
  }
  await write("sys/policies/acl/team-shared", {
    policy: JSON.stringify({ path: { a: { capabilities: ["read"] } } }),
  });
  await write("sys/quotas/rate-limit/global", { rate: 500, interval: "3s", block_interval: "60s" });
  await write("sys/audit/file", {
    type: "file",
    description: "by hand",
    options: { file_path: "stdout", hmac_accessor: "false", format: "jsonx" },
  });
}

const READ = [
  "sys/mounts",
  "sys/auth",
  ...["kv", "db", "crypto", "ca", "ca-root"].map((path) => `sys/mounts/${path}/tune`),
  ...["k8s", "gitlab", "cloud", "sso"].map((path) => `sys/mounts/auth/${path}/tune`),
  "kv/config",
  ...["config/orders-db", "roles/orders", "static-roles/reports"].map((path) => `db/${path}`),
  "crypto/keys/cards",
  ...["ca", "ca-root"].flatMap((path) =>
    ["cluster", "urls", "crl", "auto-tidy", "issuers"].map((part) => `${path}/config/${part}`),
  ),
  "ca/roles/orders",
  ...["k8s/config", "k8s/role/orders", "gitlab/config", "gitlab/role/plan"].map((path) => `auth/${path}`),
  "auth/sso/role/staff",
  "identity/group/name/operators",
  ...["cloud/config/client", "cloud/role/batch"].map((path) => `auth/${path}`),
  ...["orders", "plan", "batch", "operators", "team-shared"].map((name) => `sys/policies/acl/${name}`),
  "sys/policies/password/long",
  "sys/quotas/rate-limit/global",
  "sys/audit",
];

/** Settings made by `setUpExistingVault`, by `path key.key`. Empty values are omitted. */
export async function settingsOf(vault: DevVault): Promise<Record<string, unknown>> {
  const all = await Promise.all(
    READ.map(async (path) => leaves(await vault.read(path)).map(([key, value]) => [`${path} ${key}`, value])),
  );
  return Object.fromEntries(all.flat());
}

function leaves(value: object): [key: string, value: unknown][] {
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? leaves(inner).map(([below, leaf]): [string, unknown] => [`${key}.${below}`, leaf])
      : inner === null || (Array.isArray(inner) && inner.length === 0)
        ? []
        : [[key, inner]],
  );
}

/** Placeholder token: Vault does not validate it when it is stored. */
const REVIEWER =
  "eyJhbGciOiJSUzI1NiIsImtpZCI6IiJ9.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQ6a3ViZS1zeXN0ZW06cmV2aWV3ZXIifQ.c2ln";

const PUBLIC_KEY = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9
q9UU8I5mEovUf86QZ7kOBIjJwqnzD1omageEHWwHdBO6B+dFabmdT9POxg==
-----END PUBLIC KEY-----`;
