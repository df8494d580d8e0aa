import { type Case, testDangerous, testNamed } from "../support/matrix";

const ADMIN = 'path "*" { capabilities = ["create", "read", "update", "delete", "list", "sudo"] }';
const LOGIN = {
  bound_service_account_names: "*",
  bound_service_account_namespaces: "*",
  token_policies: "admin",
};

/** New write on a path of Vault by both resources that make one. */
const written = (path: string, data: object | string, ...expected: readonly string[]): Case[] =>
  ["vault_generic_endpoint", "vault_generic_secret"].map((type): Case => [
    `${type} writes ${path}`,
    (production) =>
      production.add(type, { path, data_json: typeof data === "string" ? data : JSON.stringify(data) }),
    ...expected,
  ]);

describe("access diff of production: writes on paths of Vault", () => {
  testDangerous([
    ...written("auth/kubernetes/role/evil", LOGIN, "auth/kubernetes role evil", "sudo"),
    ...written(
      "auth/kubernetes/role/evil2",
      '${jsonencode({bound_service_account_names = ["*"], token_policies = ["admin"]})}',
      "auth/kubernetes role evil2",
      "sudo",
    ),
    ...written(
      '${format("auth/%s/role/%s", "kubernetes", "evil")}',
      LOGIN,
      "auth/kubernetes role evil",
      "sudo",
    ),
    ...written(
      "auth/${vault_auth_backend.KubernetesAuth_Mount_648B1C25.path}/role/evil",
      LOGIN,
      "auth/kubernetes role evil",
      "sudo",
    ),
    ...written(
      "auth/kubernetes/role/payment-service",
      LOGIN,
      "auth/kubernetes role payment-service",
      "written 2 times",
    ),
    ...written(
      "auth/github/role/evil",
      { user_claim: "sub", policies: ["admin"] },
      "auth/github role evil",
      "sudo",
    ),
    ...written(
      "auth/oidc/role/evil",
      { user_claim: "sub", policies: ["admin"] },
      "auth/oidc role evil",
      "sudo",
    ),
    ...written("auth/token/roles/evil", { allowed_policies: "admin" }, "auth/token token role evil", "sudo"),
    ...written(
      "auth/userpass/users/evil",
      { policies: "admin", password: "x" },
      "auth/userpass user evil",
      "sudo",
    ),
    ...written("auth/token/create", { policies: ["admin"] }, "unreadable"),
    ...written("auth/approle/role/app/secret-id", {}, "unreadable"),
    ...written("sys/policies/acl/x", { policy: ADMIN }, "policy x: *", "sudo"),
    ...written("/sys/policies/acl/x", { policy: ADMIN }, "policy x: *", "sudo"),
    ...written("sys/policies/acl/x/", { policy: ADMIN }, "policy x: *", "sudo"),
    ...written("sys//policies/acl/x", { policy: ADMIN }, "policy x: *", "sudo"),
    ...written("v1/sys/policy/x", { rules: ADMIN }, "policy x: *", "sudo"),
    ...written(
      "sys/policies/acl/x",
      { policy: Buffer.from(ADMIN).toString("base64") },
      "policy x: *",
      "sudo",
    ),
    ...written(
      "sys/policies/acl/payment-service",
      { policy: ADMIN },
      "auth/kubernetes role payment-service",
      "sudo",
    ),
    ...written(
      "sys/policies/acl/Payment-Service",
      { policy: ADMIN },
      "auth/kubernetes role payment-service",
      "sudo",
    ),
    ...written("sys/auth/oidc/tune", { audit_non_hmac_request_keys: ["jwt"] }, "audit write"),
    ...written("sys/mounts/secret/tune", { audit_non_hmac_response_keys: ["data"] }, "audit write"),
    ...written("sys/mounts/secret/tune", { listing_visibility: "unauth" }, "server"),
    ...written(
      "sys/audit/evil",
      { type: "file", options: { file_path: "stdout", log_raw: "T" } },
      "audit write",
    ),
    ...written("sys/config/cors", { enabled: true, allowed_origins: "*" }, "server"),
    ...written("sys/config/ui/headers/Content-Security-Policy", { values: ["script-src *"] }, "server"),
    ...written("sys/config/group-policy-application", { group_policy_application_mode: "any" }, "server"),
    ...written("sys/plugins/catalog/secret/evil", { sha256: "a", command: "evil" }, "server"),
    ...written("sys/plugins/pins/auth/jwt", { version: "v0.1.0" }, "server"),
    ...written("sys/rekey/init", { secret_shares: 1, secret_threshold: 1 }, "unreadable"),
    ...written("sys/generate-root/attempt", {}, "unreadable"),
    ...written("sys/seal", {}, "unreadable"),
    ...written("sys/raw/core/x", { value: "x" }, "unreadable"),
    ...written("sys/remount", { from: "secret", to: "other" }, "unreadable"),
    ...written("sys/replication/dr/primary/enable", {}, "unreadable"),
    ...written("sys/storage/raft/snapshot-force", {}, "unreadable"),
    ...written("sys/storage/raft/snapshot-auto/config/x", { aws_s3_bucket: "theirs" }, "whole storage"),
    ...written("sys/sync/destinations/aws-sm/x", { access_key_id: "a" }, "whole storage"),
    ...written("sys/managed-keys/awskms/x", { kms_key: "a" }, "managed keys"),
    ...written("identity/group/name/evil", { policies: "admin" }, "identity group evil", "sudo"),
    ...written("identity/group", { name: "evil", policies: "admin" }, "identity group evil", "sudo"),
    ...written("identity/entity/name/evil", { policies: "admin" }, "identity entity evil", "sudo"),
    ...written("identity/group-alias", { name: "all-employees", canonical_id: "1" }, "trust"),
    ...written("identity/entity-alias", { name: "mallory", canonical_id: "1" }, "trust"),
    ...written("identity/entity/merge", { from_entity_ids: ["a"], to_entity_id: "b" }, "unreadable"),
    ...written("identity/oidc/client/x", { redirect_uris: "https://evil.example" }, "trust"),
    ...written(
      "database/roles/x",
      { db_name: "payments-db", creation_statements: ["CREATE ROLE x SUPERUSER"] },
      "database admin",
    ),
    ...written(
      "database/config/x",
      { connection_url: "postgresql://evil.example/x", allowed_roles: "*" },
      "x",
    ),
    ...written("pki/roles/x", { allow_any_name: true }, "wildcard"),
    ...written(
      "pki/config/acme",
      { enabled: true, default_directory_policy: "sign-verbatim" },
      "key material",
    ),
    ...written("pki/root/generate/exported", { common_name: "x" }, "key material"),
    ...written("pki/issuers/import/bundle", { pem_bundle: "x" }, "key material"),
    ...written("transit/keys/x", { exportable: true }, "key material"),
    ...written("transit/restore/x", { backup: "x" }, "unreadable"),
    ...written("made/up", { a: 1 }, "unreadable"),
    ...written("${var.path}", { a: 1 }, "unreadable"),
  ]);

  testNamed([
    ...written(
      "sys/policies/egp/guard",
      { policy: "main = rule { true }", paths: ["*"] },
      "egp policy guard",
    ),
    ...written("sys/auth/partners", { type: "jwt" }, "auth backend partners"),
    ...written("sys/namespaces/partners", {}, "namespace partners"),
    ...written("sys/mounts/other", { type: "kv" }, "mount other"),
    ...written("secret/data/payment-service/extra", { data: { a: "b" } }, "secret/payment-service/extra"),
  ]);
});
