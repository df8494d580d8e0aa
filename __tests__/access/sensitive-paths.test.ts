import type { Label } from "../../access/changes";
import { labelsOfGain, type Surroundings } from "../../access/risks";
import type { VaultCapability } from "../../constructs/policy/vault-policy";

const surroundings: Surroundings = {
  fixedSegments: new Map(),
  engines: new Map([
    ["secret", ["kv"]],
    ["database", ["database"]],
    ["pki", ["pki"]],
    ["transit", ["transit"]],
    ["team/ca", ["pki"]],
  ]),
  namespaces: [],
};

const labels = (path: string, capability: VaultCapability, where = surroundings) =>
  labelsOfGain(path, [capability], where);

const TABLE: readonly [path: string, capability: VaultCapability, label: Label][] = [
  ["sys/policy/admin", "update", "policy write"],
  ["sys/policies/acl/admin", "update", "policy write"],
  ["sys/policies/egp/guard", "delete", "policy write"],
  ["sys/policies/rgp/guard", "update", "policy write"],
  ["sys/policies/password/strong", "update", "policy write"],
  ["sys/auth/oidc", "update", "policy write"],
  ["sys/auth/oidc/tune", "update", "policy write"],
  ["sys/namespaces/team", "update", "policy write"],
  ["auth/kubernetes/role/app", "update", "policy write"],
  ["auth/kubernetes/config", "update", "policy write"],
  ["auth/aws/config/client", "update", "policy write"],
  ["auth/aws/config/sts/123456789012", "update", "policy write"],
  ["auth/teams/ldap/groups/admins", "update", "policy write"],
  ["auth/userpass/users/bob", "update", "policy write"],
  ["auth/userpass/users/bob/password", "update", "policy write"],
  ["auth/userpass/users/bob/policies", "update", "policy write"],
  ["auth/cert/certs/app", "create", "policy write"],
  ["auth/cert/crls/app", "update", "policy write"],
  ["auth/github/map/teams/admins", "update", "policy write"],
  ["auth/approle/role/app/policies", "update", "policy write"],
  ["auth/token/create", "update", "policy write"],
  ["auth/token/create-orphan", "update", "policy write"],
  ["auth/token/create/admin", "update", "policy write"],
  ["auth/token/roles/admin", "update", "policy write"],
  ["identity/entity", "update", "policy write"],
  ["identity/entity/id/1", "update", "policy write"],
  ["identity/entity/merge", "update", "policy write"],
  ["identity/entity-alias", "create", "policy write"],
  ["identity/group/name/admins", "update", "policy write"],
  ["identity/group-alias/id/1", "update", "policy write"],
  ["identity/mfa/method/totp/1", "update", "policy write"],
  ["identity/mfa/login-enforcement/all", "delete", "policy write"],
  ["identity/oidc/config", "update", "trust"],
  ["identity/oidc/key/main", "update", "trust"],
  ["identity/oidc/role/app", "update", "trust"],
  ["identity/oidc/client/app", "read", "trust"],
  ["identity/oidc/provider/main", "update", "trust"],
  ["identity/oidc/assignment/all", "update", "trust"],
  ["identity/oidc/scope/groups", "update", "trust"],
  ["sys/mfa/method/duo/x", "update", "trust"],
  ["sys/control-group/authorize", "update", "trust"],
  ["sys/audit/file", "update", "audit write"],
  ["sys/config/auditing/request-headers/x", "update", "audit write"],
  ["sys/raw/core/keyring", "read", "whole storage"],
  ["sys/storage/raft/snapshot", "read", "whole storage"],
  ["sys/storage/raft/snapshot-force", "update", "whole storage"],
  ["sys/storage/raft/snapshot-auto/config/daily", "update", "whole storage"],
  ["sys/storage/raft/remove-peer", "update", "server"],
  ["sys/storage/raft/join", "update", "server"],
  ["sys/storage/raft/autopilot/configuration", "update", "server"],
  ["sys/mounts/secret", "update", "server"],
  ["sys/mounts/secret/tune", "update", "server"],
  ["sys/remount", "update", "server"],
  ["sys/rekey/init", "update", "server"],
  ["sys/rekey/backup", "read", "server"],
  ["sys/rekey-recovery-key/init", "update", "server"],
  ["sys/generate-root/attempt", "update", "server"],
  ["sys/generate-recovery-token/attempt", "update", "server"],
  ["sys/rotate", "update", "server"],
  ["sys/rotate/config", "update", "server"],
  ["sys/seal", "update", "server"],
  ["sys/step-down", "update", "server"],
  ["sys/plugins/catalog/secret/evil", "update", "server"],
  ["sys/plugins/reload/backend", "update", "server"],
  ["sys/config/cors", "update", "server"],
  ["sys/config/ui/headers/x", "update", "server"],
  ["sys/config/group-policy-application", "update", "server"],
  ["sys/quotas/rate-limit/all", "delete", "server"],
  ["sys/quotas/config", "update", "server"],
  ["sys/replication/dr/primary/enable", "update", "server"],
  ["sys/managed-keys/awskms/x", "update", "server"],
  ["sys/license", "update", "server"],
  ["sys/sync/destinations/aws-sm/x", "update", "server"],
  ["sys/internal/counters/activity", "read", "server"],
  ["sys/internal/counters/config", "update", "server"],
  ["sys/pprof/heap", "read", "server"],
  ["sys/loggers", "update", "server"],
  ["sys/locked-users/x/unlock/y", "update", "server"],
  ["sys/leases/revoke-prefix/aws", "update", "tokens"],
  ["sys/leases/revoke-force/aws", "update", "tokens"],
  ["sys/leases/lookup/aws/", "list", "tokens"],
  ["auth/token/accessors", "list", "tokens"],
  ["auth/token/lookup-accessor", "update", "tokens"],
  ["auth/token/revoke-accessor", "update", "tokens"],
  ["auth/token/revoke-orphan", "update", "tokens"],
  ["auth/approle/role/app/secret-id", "update", "tokens"],
  ["auth/approle/role/app/secret-id-accessor/lookup", "update", "tokens"],
  ["database/config/payments", "update", "engine config"],
  ["database/rotate-root/payments", "update", "engine config"],
  ["database/roles/app", "update", "engine config"],
  ["database/static-roles/app", "update", "engine config"],
  ["aws/config/root", "update", "engine config"],
  ["aws/roles/app", "update", "engine config"],
  ["ldap/rotate-role/app", "update", "engine config"],
  ["ssh/config/ca", "update", "engine config"],
  ["secret/config", "update", "engine config"],
  ["pki/roles/app", "update", "engine config"],
  ["pki/config/acme", "update", "engine config"],
  ["pki/root/generate/internal", "update", "key material"],
  ["pki/root/sign-intermediate", "update", "key material"],
  ["pki/root/rotate/internal", "update", "key material"],
  ["pki/root", "delete", "key material"],
  ["pki/intermediate/generate/exported", "update", "key material"],
  ["pki/intermediate/set-signed", "update", "key material"],
  ["pki/sign-verbatim", "update", "key material"],
  ["pki/sign-verbatim/app", "update", "key material"],
  ["pki/issuer/main/sign-intermediate", "update", "key material"],
  ["pki/issuers/import/bundle", "update", "key material"],
  ["pki/issuer/main", "update", "key material"],
  ["pki/keys/generate/exported", "update", "key material"],
  ["pki/config/ca", "update", "key material"],
  ["team/ca/root/sign-intermediate", "update", "key material"],
  ["other/team/sign-verbatim/app", "update", "key material"],
  ["transit/export/encryption-key/app", "read", "key material"],
  ["transit/backup/app", "read", "key material"],
  ["transit/restore/app", "update", "key material"],
  ["transit/keys/app/config", "update", "key material"],
  ["transit/keys/app", "delete", "key material"],
  ["secret/delete/app", "update", "delete"],
  ["secret/destroy/app", "update", "delete"],
  ["secret/metadata/app", "delete", "delete"],
];

/** Ways to grant a path: exactly, with a segment that is a wildcard, by a prefix. */
const forms = (path: string) => {
  const segments = path.replace(/\/$/, "").split("/");
  const last = segments.length - 1;
  const plus = (index: number) => segments.map((segment, at) => (at === index ? "+" : segment)).join("/");
  const below = segments.length > 2 ? [`${segments.slice(0, -1).join("/")}/*`] : [];
  return [path, ...(last > 1 ? [plus(last)] : []), ...below, `${path.slice(0, -1)}*`];
};

describe("labels of grants", () => {
  it.each(TABLE)("labels %s with %s as %s, exactly and by pattern", (path, capability, label) => {
    expect(forms(path).map((form) => [form, labels(form, capability)])).toEqual(
      forms(path).map((form) => [form, expect.arrayContaining([label])]),
    );
  });

  it.each(TABLE)("labels %s with %s as wide if its first segments are wildcards", (path, capability) => {
    const [first, ...rest] = path.split("/");

    for (const form of [
      "*",
      `${first}/*`,
      "+/*",
      `+/${rest.join("/")}`,
      [first, "+", ...rest.slice(1)].join("/"),
    ]) {
      expect([form, labels(form, capability)]).not.toEqual([form, []]);
    }
  });

  it.each(TABLE.filter(([path]) => !/^(team|other)\//.test(path)))(
    "labels %s also if no mount is known",
    (path, capability, label) => {
      const unknown = { ...surroundings, engines: new Map<string, string[]>() };

      expect(labels(path, capability, unknown)).toContain(label);
    },
  );

  it.each<[string, VaultCapability]>([
    ["secret/data/app/config", "update"],
    ["secret/data/config/app", "update"],
    ["secret/data/root/generate/x", "update"],
    ["secret/metadata/app", "list"],
    ["secret/undelete/app", "update"],
    ["database/creds/app", "read"],
    ["database/static-creds/app", "read"],
    ["database/config/payments", "read"],
    ["pki/issue/app", "update"],
    ["pki/sign/app", "update"],
    ["pki/cert/ca", "read"],
    ["transit/encrypt/app", "update"],
    ["transit/decrypt/app", "update"],
    ["transit/keys/app", "read"],
    ["ldap/library/app/check-out", "update"],
    ["auth/kubernetes/login", "update"],
    ["auth/token/renew-self", "update"],
    ["sys/policies/acl/app", "read"],
    ["sys/mounts", "read"],
    ["sys/health", "read"],
    ["sys/capabilities-self", "update"],
    ["identity/oidc/token/app", "read"],
    ["cubbyhole/config/x", "update"],
    ["other/data/app/config", "update"],
  ])("gives no label to %s with %s", (path, capability) => {
    expect(labels(path, capability)).toEqual([]);
  });

  it.each<[string, Label[]]>([
    ["secret/data/{{identity.entity.name}}/x", ["template"]],
    ["secret/data/{{ identity.entity.metadata.team }}/x", ["template"]],
    ["secret/data/{{identity.entity.metadata.id}}/x", ["template"]],
    ["secret/data/{{identity.entity.aliases.auth_jwt_1.metadata.project}}/x", ["template"]],
    ["secret/data/{{identity.groups.names.team.name}}/x", ["template"]],
    ["secret/data/{{identity.entity.id}}/x", []],
    ["secret/data/{{identity.entity.aliases.auth_jwt_1.id}}/x", []],
    ["secret/data/{{identity.groups.ids.1.id}}/x", []],
    ["secret/data/{{terraform vault_mount.K.accessor}}/x", []],
    ["secret/data/{{terraform random_pet.name.result}}/x", ["template"]],
  ])("labels %s by whether somebody chooses the value of its template", (path, expected) => {
    expect(labels(path, "read")).toEqual(expected);
  });

  it("reads the types of engines from the mounts", () => {
    const engines = new Map([["config", ["kv"]]]);

    expect(labels("config/roles/app", "update", { ...surroundings, engines })).toEqual([]);
    expect(labels("config/destroy/app", "update", { ...surroundings, engines })).toEqual(["delete"]);
  });
});
