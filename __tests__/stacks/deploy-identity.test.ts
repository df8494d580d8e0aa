import { Acl } from "../../constructs/policy/acl";
import { parsePolicy, type VaultCapability } from "../../constructs/policy/vault-policy";
import { deployPolicy } from "../../constructs/jobs/bootstrap-policies";
import { bootstrapPolicy, policiesOfConfig } from "./support/config-policies";
import { namespaced } from "./support/team-namespaces";

// Deploy and admin identities may do almost everything. These tests read the exceptions from the policies in the
// stacks. deploy-identity-on-vault.program.test.ts checks that Vault enforces them.

const texts = textsOf(policiesOfConfig(), bootstrapPolicy);
const namespacedTexts = textsOf(policiesOfConfig(namespaced), deployPolicy("teams"));

function textsOf({ deploy, admin }: Record<string, string>, bootstrap: string) {
  return { pipeline: deploy, admin, bootstrap };
}

describe.each([
  ["where teams share the root namespace", texts, ""],
  ["in the root namespace, where teams have one each", namespacedTexts, ""],
  ["in the namespace of a team", namespacedTexts, "teams/payments/"],
  ["in that of a team that is added later", namespacedTexts, "teams/new/"],
])("%s,", (_, given, prefix) => {
  const acls = Object.fromEntries(
    Object.entries(given).map(([name, text]) => [name, new Acl([{ name, rules: parsePolicy(text) }])]),
  );
  const can = (who: string, path: string) => [...acls[who].capabilities(prefix + path)].sort();
  const everybody = Object.keys(given).map((who) => [who]);

  describe.each(everybody)("%s", (who) => {
    test.each([
      "secret/data/payment-service/config",
      "secret/subkeys/payment-service/config",
      "secret/delete/payment-service/config",
      "secret/undelete/payment-service/config",
      "secret/destroy/payment-service/config",
      "database/creds/payment-service-role",
      "database/static-creds/legacy",
      ...["pki", "pki-root"].flatMap((mount) =>
        [
          "issue/payment-service",
          "sign/payment-service",
          "sign-verbatim",
          "sign-verbatim/payment-service",
          "root/sign-self-issued",
          "issuer/default/issue/payment-service",
          "issuer/default/sign/payment-service",
          "issuer/default/sign-verbatim",
          "issuer/default/sign-verbatim/payment-service",
          "issuer/default/sign-self-issued",
          "root/generate/exported",
          "root/rotate/exported",
          "intermediate/generate/exported",
          "issuers/generate/root/exported",
          "issuers/generate/intermediate/exported",
          "keys/generate/exported",
          "acme/new-eab",
          "roles/payment-service/acme/new-eab",
          "issuer/default/acme/new-eab",
          "issuer/default/roles/payment-service/acme/new-eab",
        ].map((path) => `${mount}/${path}`),
      ),
      "pki/root/sign-intermediate",
      "transit/encrypt/payment-service",
      "transit/decrypt/payment-service",
      "transit/rewrap/payment-service",
      "transit/datakey/plaintext/payment-service",
      "transit/sign/payment-service",
      "transit/hmac/payment-service",
      "transit/export/encryption-key/payment-service",
      "transit/byok-export/other/payment-service",
      "transit/backup/payment-service",
      "transit/restore",
      "transit/restore/payment-service",
      "transit/keys/payment-service/csr",
      "transit/keys/payment-service/import_version",
      "auth/token/create",
      "auth/token/create-orphan",
      "auth/token/create/role",
      "sys/remount",
      "sys/raw/core/keyring",
      "sys/sync/destinations/aws-sm/x",
    ])("is denied %s", (path) => {
      expect(can(who, path)).toEqual(["deny"]);
    });

    test("reads and lists metadata of secrets, and changes none", () => {
      expect(can(who, "secret/metadata/payment-service/config")).toEqual(["list", "read"]);
    });

    test.each([
      "secret/config",
      "database/config/payments-db",
      "database/roles/payment-service-role",
      "database/rotate-root/payments-db",
      "pki/roles/payment-service",
      "pki/config/urls",
      "pki/issuer/default",
      "transit/keys/payment-service",
      "auth/kubernetes/role/payment-service",
      "sys/policies/acl/payment-service",
      "sys/policies/acl/tax",
      "sys/mounts/other",
      "sys/auth/github",
      "sys/audit/siem",
      "identity/group",
      "identity/mfa/login-enforcement/admin",
    ])("configures %s", (path) => {
      expect(can(who, path)).toEqual(expect.arrayContaining(["create", "delete", "read", "update"]));
    });
  });

  describe.each([["pipeline"], ["bootstrap"]])("Terraform as %s", (who) => {
    test.each([
      "auth/terraform/role/deploy",
      "sys/auth/terraform",
      "sys/auth/terraform/tune",
      "sys/mounts/auth/terraform/tune",
      "sys/audit/bootstrap-file",
      "sys/audit/bootstrap-file/",
      "sys/policies/acl/Terraform-deploy",
      "sys/policies/acl/tERRAFORM-BOOTSTRAP",
      "sys/policy/terraForm-deploy",
      "sys/policies/acl/ terraform-deploy",
      "sys/policies/acl//terraform-deploy",
      "sys/policies/acl/./terraform-deploy",
      "sys/auth//terraform",
      "sys/auth//\\terraform",
      "sys/mounts//auth/terraform/tune",
      "sys/storage/raft/snapshot",
      "sys/storage/raft/snapshot-force",
      "sys/replication/performance/primary/secondary-token",
    ])("is denied %s", (path) => {
      expect(can(who, path)).toEqual(["deny"]);
    });

    test.each(["sys/policies/acl/terraform-deploy", "sys/policy/terraform-bootstrap"])(
      "does not write %s",
      (path) => {
        const changing: VaultCapability[] = ["create", "update", "patch", "delete"];
        expect(can(who, path).filter((it) => changing.includes(it as VaultCapability))).toEqual([]);
      },
    );

    test("reads and lists entities, and changes none", () => {
      for (const path of [
        "identity/entity",
        "identity/entity/merge",
        "identity/entity-alias",
        "identity/alias",
      ])
        expect(can(who, path)).toEqual(["list", "read"]);
    });
  });

  test("allows only the bootstrap to sign the issuing CA, by the named root", () => {
    const path = "pki-root/issuer/75a65f45-6269-3792-4b02-bca78af613b6/sign-intermediate";
    expect(can("bootstrap", path)).toEqual(["update"]);
    expect(can("pipeline", path)).toEqual(["deny"]);
    expect(can("admin", path)).toEqual(["deny"]);
    expect(can("bootstrap", path.replace("pki-root", "pki"))).toEqual(["deny"]);
  });

  test("allows admins and the bootstrap to generate second factors, but not the pipeline", () => {
    const path = "identity/mfa/method/totp/admin-generate";
    expect(can("pipeline", path)).toEqual(["deny"]);
    for (const who of ["admin", "bootstrap"]) expect(can(who, path)).toContain("update");
  });
});

test.each([
  ["where teams share the root namespace", texts],
  ["where teams have one each", namespacedTexts],
])("%s, allows the pipeline to write the canary but not to read it", (_, given) => {
  const can = (text: string) =>
    [
      ...new Acl([{ name: "it", rules: parsePolicy(text) }]).capabilities(
        "secret/data/vault-platform/canary",
      ),
    ].sort();
  expect(can(given.pipeline)).toEqual(["create", "delete", "update"]);
  expect(can(given.bootstrap)).toEqual(["create", "delete", "read", "update"]);
});

test("denies every identity the canary's path in a team's namespace", () => {
  for (const [name, text] of Object.entries(namespacedTexts)) {
    const acl = new Acl([{ name, rules: parsePolicy(text) }]);
    const path = "teams/payments/secret/data/vault-platform/canary";
    expect([name, acl.capabilities(path)]).toEqual([name, ["deny"]]);
  }
});

test.each([
  ["identity", "teams/identity/entity"],
  ["group", "teams/identity/group/name/x"],
  ["login", "teams/auth/kubernetes/role/x"],
  ["token", "teams/auth/token/create"],
  ["policy", "teams/sys/policies/acl/x"],
  ["mount", "teams/sys/mounts/secret"],
  ["auth mount", "teams/sys/auth/kubernetes"],
])("denies every identity a %s in the parent namespace, but allows new namespaces", (_, path) => {
  for (const [name, text] of Object.entries(namespacedTexts)) {
    const acl = new Acl([{ name, rules: parsePolicy(text) }]);
    expect([name, acl.capabilities(path)]).toEqual([name, ["deny"]]);
    expect(acl.capabilities("teams/sys/namespaces/new")).toEqual(expect.arrayContaining(["create", "read"]));
    expect(acl.capabilities("sys/namespaces/teams")).toEqual(expect.arrayContaining(["create", "read"]));
  }
});

test.each([
  ["where teams share the root namespace", texts, [""]],
  ["where teams have one each", namespacedTexts, ["", "teams/+/"]],
])(
  "%s, denies the bootstrap the same as the pipeline, except for second factors and its policies",
  (_, given, prefixes) => {
    const denied = (text: string) =>
      parsePolicy(text)
        .filter(({ capabilities }) => capabilities.includes("deny"))
        .map(({ path }) => path);
    const missing = denied(given.pipeline).filter((path) => !denied(given.bootstrap).includes(path));
    const own = [
      "identity/mfa/method/totp/admin-*",
      "sys/mfa/method/totp/+/admin-*",
      // The bootstrap policy may read these.
      "sys/policies/acl/terraform-*",
      "sys/policy/terraform-*",
    ];
    expect(missing.sort()).toEqual(prefixes.flatMap((prefix) => own.map((path) => prefix + path)));
    expect(denied(given.bootstrap).filter((path) => !denied(given.pipeline).includes(path))).toEqual([]);
  },
);
