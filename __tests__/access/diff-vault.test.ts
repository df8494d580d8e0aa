import type { TerraformStack } from "cdktf";
import { changesOf } from "./support/changes";
import { type Plain, resources } from "./support/resources";

const nothing = resources();

/** Changes of one resource whose arguments change. */
const changed = (type: string, before: object, after: object, same: object = {}) =>
  changesOf(resources([type, { ...same, ...before }]), resources([type, { ...same, ...after }])).filter(
    (line) => !line.startsWith("destruction"),
  );

/** Types with the arguments that stay, arguments before and after, direction, and label. */
type Row = readonly [
  type: string,
  same: object,
  before: object,
  after: object,
  direction: string,
  label: string,
];

const approle = { backend: "approle", role_name: "app" };
const jwt = { backend: "ci", role_name: "app" };
const mount = { path: "secret", type: "kv" };
const acme = { backend: "pki" };
const agent = { name: "daily", storage_type: "aws-s3" };
const enforcement = { name: "people" };

const TABLE: readonly Row[] = [
  [
    "vault_approle_auth_backend_role",
    approle,
    { secret_id_num_uses: 1 },
    { secret_id_num_uses: 0 },
    "wider",
    "trust",
  ],
  ["vault_approle_auth_backend_role", approle, { secret_id_ttl: 600 }, {}, "wider", "trust"],
  ["vault_approle_auth_backend_role", approle, {}, { bind_secret_id: false }, "wider", "trust"],
  [
    "vault_approle_auth_backend_role",
    approle,
    { secret_id_bound_cidrs: ["10.0.0.0/8"] },
    {},
    "wider",
    "wildcard",
  ],
  [
    "vault_cert_auth_backend_role",
    { name: "app" },
    { certificate: "one" },
    { certificate: "two" },
    "changed",
    "trust",
  ],
  [
    "vault_jwt_auth_backend_role",
    jwt,
    { claim_mappings: { a: "b" } },
    { claim_mappings: { a: "c" } },
    "changed",
    "trust",
  ],
  ["vault_jwt_auth_backend_role", jwt, { user_claim: "sub" }, { user_claim: "email" }, "changed", "trust"],
  ["vault_jwt_auth_backend_role", jwt, { bound_claims: { ref: "main" } }, {}, "wider", "wildcard"],
  ["vault_token_auth_backend_role", { role_name: "app" }, {}, { orphan: true }, "wider", "tokens"],
  [
    "vault_token_auth_backend_role",
    { role_name: "app" },
    { disallowed_policies: ["admin"] },
    {},
    "wider",
    "wildcard",
  ],
  [
    "vault_identity_group",
    { name: "admins" },
    { member_entity_ids: ["a"] },
    { member_entity_ids: ["a", "b"] },
    "wider",
    "trust",
  ],
  [
    "vault_identity_group_alias",
    { canonical_id: "1" },
    { name: "admins" },
    { name: "all-employees" },
    "changed",
    "trust",
  ],
  [
    "vault_identity_mfa_login_enforcement",
    enforcement,
    { auth_method_types: ["oidc", "ldap"] },
    { auth_method_types: ["oidc"] },
    "wider",
    "trust",
  ],
  ["vault_identity_mfa_totp", {}, { issuer: "a" }, { issuer: "b" }, "changed", "trust"],
  [
    "vault_identity_oidc_client",
    { name: "app" },
    { redirect_uris: ["https://a"] },
    { redirect_uris: ["https://a", "https://b"] },
    "wider",
    "trust",
  ],
  [
    "vault_identity_oidc_assignment",
    { name: "app" },
    { group_ids: ["a"] },
    { group_ids: ["a", "b"] },
    "wider",
    "trust",
  ],
  [
    "vault_identity_oidc_provider",
    { name: "app" },
    { allowed_client_ids: ["a"] },
    { allowed_client_ids: ["*"] },
    "wider",
    "trust",
  ],
  ["vault_mount", mount, {}, { audit_non_hmac_response_keys: ["data"] }, "wider", "audit write"],
  ["vault_mount", mount, { options: { version: "2" } }, { options: { version: "1" } }, "wider", "destroys"],
  ["vault_mount", mount, {}, { listing_visibility: "unauth" }, "wider", "server"],
  ["vault_mount", mount, {}, { passthrough_request_headers: ["Authorization"] }, "wider", "server"],
  ["vault_mount", mount, {}, { allowed_response_headers: ["X"] }, "wider", "server"],
  ["vault_mount", mount, { plugin_version: "v1" }, { plugin_version: "v2" }, "changed", "server"],
  ["vault_mount", mount, { max_lease_ttl_seconds: 60 }, { max_lease_ttl_seconds: 600 }, "wider", ""],
  [
    "vault_auth_backend",
    { path: "oidc", type: "oidc" },
    {},
    { tune: [{ audit_non_hmac_request_keys: ["jwt"] }] },
    "wider",
    "audit write",
  ],
  [
    "vault_auth_backend",
    { path: "oidc", type: "oidc" },
    {},
    { tune: [{ listing_visibility: "unauth" }] },
    "wider",
    "server",
  ],
  ["vault_audit_request_header", { name: "X-User" }, { hmac: true }, { hmac: false }, "wider", "audit write"],
  [
    "vault_audit",
    { path: "file", type: "file" },
    { options: { log_raw: "false" } },
    { options: { log_raw: "T" } },
    "wider",
    "audit write",
  ],
  ["vault_plugin", { type: "secret", name: "x" }, { sha256: "a" }, { sha256: "b" }, "changed", "server"],
  ["vault_quota_rate_limit", { name: "all" }, { rate: 100 }, { rate: 1000 }, "wider", "server"],
  ["vault_quota_lease_count", { name: "all" }, { max_leases: 100 }, { max_leases: 0 }, "wider", "server"],
  [
    "vault_egp_policy",
    { name: "guard" },
    { enforcement_level: "hard-mandatory" },
    { enforcement_level: "advisory" },
    "wider",
    "policy write",
  ],
  [
    "vault_rgp_policy",
    { name: "guard" },
    { policy: "main = rule { false }" },
    { policy: "main = rule { true }" },
    "changed",
    "policy write",
  ],
  [
    "vault_raft_snapshot_agent_config",
    agent,
    { aws_s3_bucket: "ours" },
    { aws_s3_bucket: "theirs" },
    "changed",
    "whole storage",
  ],
  [
    "vault_secrets_sync_aws_destination",
    { name: "x" },
    { role_arn: "a" },
    { role_arn: "b" },
    "changed",
    "whole storage",
  ],
  [
    "vault_password_policy",
    { name: "strong" },
    { policy: "length = 20" },
    { policy: "length = 4" },
    "changed",
    "policy write",
  ],
  [
    "vault_pki_secret_backend_config_acme",
    acme,
    { enabled: false },
    { enabled: true },
    "wider",
    "key material",
  ],
  [
    "vault_pki_secret_backend_config_acme",
    acme,
    { eab_policy: "always-required" },
    { eab_policy: "not-required" },
    "wider",
    "key material",
  ],
  [
    "vault_pki_secret_backend_config_acme",
    acme,
    { default_directory_policy: "forbid" },
    { default_directory_policy: "sign-verbatim" },
    "changed",
    "key material",
  ],
  [
    "vault_transit_secret_backend_key",
    { backend: "transit", name: "app" },
    {},
    { exportable: true },
    "wider",
    "key material",
  ],
  [
    "vault_transit_secret_backend_key",
    { backend: "transit", name: "app" },
    {},
    { deletion_allowed: true },
    "wider",
    "key material",
  ],
  [
    "vault_transit_secret_backend_key",
    { backend: "transit", name: "app" },
    {},
    { allow_plaintext_backup: true },
    "wider",
    "key material",
  ],
  [
    "vault_kv_secret_backend_v2",
    { mount: "secret" },
    { delete_version_after: 0 },
    { delete_version_after: 60 },
    "wider",
    "delete",
  ],
  [
    "vault_kv_secret_backend_v2",
    { mount: "secret" },
    { max_versions: 10 },
    { max_versions: 1 },
    "wider",
    "delete",
  ],
  [
    "vault_database_secrets_mount",
    { path: "db" },
    { postgresql: [{ name: "a", allowed_roles: ["x"] }] },
    { postgresql: [{ name: "a", allowed_roles: ["*"] }] },
    "wider",
    "engine config",
  ],
  [
    "vault_database_secret_backend_connection",
    { backend: "db", name: "a" },
    { postgresql: [{ connection_url: "postgres://{{username}}:{{password}}@one/db" }] },
    { postgresql: [{ connection_url: "postgres://{{username}}:{{password}}@two/db" }] },
    "changed",
    "trust",
  ],
  [
    "vault_aws_secret_backend",
    { path: "aws" },
    { sts_endpoint: "https://a" },
    { sts_endpoint: "https://b" },
    "changed",
    "",
  ],
];

describe("access diff of everything in Vault", () => {
  it.each(TABLE)("reports %s with %j: %j -> %j as %s %s", (type, same, before, after, direction, label) => {
    const found = changed(type, before, after, same);

    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^\\w+ ${direction}: `));
    expect(found[0]).toContain(label && `[${label}`);
  });

  it.each(TABLE.filter(([, , , , direction]) => direction === "wider"))(
    "reports the opposite as narrower and harmless: %s with %j: %j <- %j",
    (type, same, before, after) => {
      const found = changed(type, after, before, same);

      expect(found).toHaveLength(1);
      expect(found[0]).toMatch(/^\w+ narrower: [^[]*$/);
    },
  );

  it("reports a type that no version of the provider has as one with unknown access", () => {
    expect(changed("vault_future_engine", { path: "x", a: 1 }, { path: "x", a: 2 })).toEqual([
      expect.stringContaining("changed: a [unknown access]"),
    ]);
  });

  it("reports an argument that no table has, with its values", () => {
    expect(changed("vault_aws_secret_backend", { a: 1 }, { a: 2 }, { path: "x" })).toEqual([
      "credentials changed: aws secret backend x: a: 1 -> 2",
    ]);
  });

  it("reports a changed secret without its contents", () => {
    const found = changed(
      "vault_kv_secret_v2",
      { data_json: "s3cret-a" },
      { data_json: "s3cret-b" },
      { mount: "kv", name: "x" },
    );
    const secret = (value: string) =>
      resources(["vault_generic_secret", { path: "kv/x", data_json: JSON.stringify({ a: value }) }]);

    expect(found).toEqual([
      "operation same: kv secret v2 kv/x: data_json changed: a hidden value -> a hidden value",
    ]);
    expect(changesOf(secret("s3cret-a"), secret("s3cret-b"))).toEqual([
      "operation same: kv secret kv/x: a changed: a hidden value -> a hidden value",
    ]);
  });

  it("reports an object that moves to another namespace", () => {
    expect(
      changed("vault_quota_rate_limit", { namespace: "a" }, { namespace: "b" }, { name: "x", rate: 1 }),
    ).toEqual(["vault changed: b/quota rate limit x: namespace: a -> b [cross-namespace]"]);
  });

  it("reports nothing if a resource moves and another one refers to it", () => {
    const factor = (name: string) => (stack: TerraformStack) => {
      stack.addOverride(`resource.vault_identity_mfa_totp.${name}`, { issuer: "a" });
      resources([
        "vault_identity_mfa_login_enforcement",
        { name: "x", mfa_method_ids: [`\${vault_identity_mfa_totp.${name}.id}`] },
      ])(stack);
      if (name === "b")
        stack.addOverride("moved", [{ from: "vault_identity_mfa_totp.a", to: "vault_identity_mfa_totp.b" }]);
    };

    expect(changesOf(factor("a"), factor("b")).filter((line) => line.includes("enforcement"))).toEqual([]);
  });

  it.each<[string, Plain, string]>([
    ["a second factor", ["vault_identity_mfa_login_enforcement", { name: "x" }], "trust"],
    ["a quota", ["vault_quota_rate_limit", { name: "x", rate: 1 }], "server"],
    [
      "a Sentinel policy",
      ["vault_egp_policy", { name: "x", policy: "main = rule { false }" }],
      "policy write",
    ],
    ["a recorded header", ["vault_audit_request_header", { name: "x" }], "audit write"],
    ["a password policy", ["vault_password_policy", { name: "x", policy: "length = 20" }], "policy write"],
  ])("reports %s that is gone as wider, and a new one as narrower", (_what, plain, label) => {
    expect(changesOf(resources(plain), nothing)).toEqual([
      expect.stringMatching(new RegExp(`wider: .*: - no longer there \\[${label}\\]$`)),
    ]);
    expect(changesOf(nothing, resources(plain))).toEqual([
      expect.stringMatching(/narrower: .*: \+ a new one$/),
    ]);
  });

  it.each<[string, Plain, string]>([
    ["an OIDC client", ["vault_identity_oidc_client", { name: "x" }], "trust"],
    ["a plugin", ["vault_plugin", { type: "auth", name: "x" }], "server"],
    ["a snapshot agent", ["vault_raft_snapshot_agent_config", { name: "x" }], "whole storage"],
    ["a sync destination", ["vault_secrets_sync_gh_destination", { name: "x" }], "whole storage"],
    [
      "a key that can be exported",
      ["vault_transit_secret_backend_key", { name: "x", exportable: true }],
      "key material",
    ],
    [
      "a mount whose values are recorded",
      ["vault_mount", { path: "x", type: "kv", audit_non_hmac_response_keys: ["data"] }],
      "audit write",
    ],
  ])("reports %s that is new as dangerous", (_what, plain, label) => {
    expect(changesOf(nothing, resources(plain))).toEqual([
      expect.stringMatching(new RegExp(`wider: .*: \\+ a new one \\[${label}\\]$`)),
    ]);
  });

  it("weighs an argument of a login as its permissions", () => {
    const role = (more: object): Plain => [
      "vault_approle_auth_backend_role",
      { ...approle, token_policies: ["admin"], ...more },
    ];
    const admin: Plain = ["vault_policy", { name: "admin", policy: 'path "*" { capabilities = ["sudo"] }' }];

    expect(changesOf(resources(admin, role({ secret_id_num_uses: 1 })), resources(admin, role({})))).toEqual([
      "login wider: auth/approle role app: secret_id_num_uses: 1 -> not set [trust, powerful login]",
    ]);
  });

  it("shows no secret", () => {
    const found = [
      ...changed(
        "vault_jwt_auth_backend",
        { oidc_client_secret: "s3cret-a" },
        { oidc_client_secret: "s3cret-b" },
        { path: "x" },
      ),
      ...changed(
        "vault_ldap_auth_backend",
        { bindpass: "s3cret-a" },
        { bindpass: "s3cret-b" },
        { path: "x" },
      ),
      ...changed(
        "vault_database_secret_backend_connection",
        { postgresql: [{ connection_url: "postgres://u:s3cret-a@one:5432/db", password: "s3cret-a" }] },
        { postgresql: [{ connection_url: "postgres://u:s3cret-b@two:5432/db", password: "s3cret-b" }] },
        { backend: "db", name: "x" },
      ),
      ...changesOf(
        nothing,
        resources(["vault_generic_endpoint", { path: "x/y", data_json: '{"a":"s3cret-a"}' }]),
      ),
    ];

    expect(found).toHaveLength(5);
    expect(found.join()).not.toContain("s3cret");
    expect(found.join()).toContain("connection_url changed: host one:5432 -> host two:5432");
  });

  it.each<[string, Plain, Plain]>([
    [
      "another order",
      ["vault_mount", { ...mount, allowed_response_headers: ["A", "B"] }],
      ["vault_mount", { ...mount, allowed_response_headers: ["B", "A"] }],
    ],
    [
      "a description",
      ["vault_mount", { ...mount, description: "a" }],
      ["vault_mount", { ...mount, description: "b" }],
    ],
    [
      "false instead of nothing",
      ["vault_transit_secret_backend_key", { name: "x" }],
      ["vault_transit_secret_backend_key", { name: "x", exportable: false }],
    ],
    [
      "another spelling of a duration",
      ["vault_auth_backend", { type: "oidc", tune: [{ max_lease_ttl: "1h" }] }],
      ["vault_auth_backend", { type: "oidc", tune: [{ max_lease_ttl: "3600" }] }],
    ],
  ])("reports nothing for %s", (_what, before, after) => {
    expect(changesOf(resources(before), resources(after))).toEqual([]);
  });

  it("reports a setting of operation as such", () => {
    expect(changed("vault_raft_autopilot", { min_quorum: 3 }, { min_quorum: 5 })).toEqual([
      "operation same: raft autopilot vault_raft_autopilot.a: min_quorum: 3 -> 5",
    ]);
  });
});
