import { testDangerous, testNamed } from "../support/matrix";
import type { Production } from "../support/production";

describe("access diff of production: entities, groups and second factors", () => {
  const alias = (production: Production, name: string) =>
    production.resource("vault_identity_group_alias", `People_${name}`);

  testDangerous([
    [
      "all employees become administrators",
      (production) => (alias(production, "Admin").name = "all-employees"),
      "identity group admin",
      "powerful login",
    ],
    [
      "operators and administrators are swapped",
      (production) => {
        alias(production, "Admin").name = "vault-operators";
        alias(production, "Operator").name = "vault-admins";
      },
      "identity group admin",
      "powerful login",
    ],
    [
      "another mount names the members of administrators",
      (production) =>
        (alias(production, "Admin").mount_accessor =
          "${vault_jwt_auth_backend.Pipelines_Auth_E8FBC3E7.accessor}"),
      "identity group admin",
      "powerful login",
    ],
    [
      "the alias of operators names the group of administrators",
      (production) =>
        (alias(production, "Operator").canonical_id = "${vault_identity_group.People_Admin_DFDD76CF.id}"),
      "identity group admin",
      "powerful login",
    ],
    [
      "members of a group by a resource of their own",
      (production) =>
        production.add("vault_identity_group_member_entity_ids", {
          group_id: "${vault_identity_group.People_Admin_DFDD76CF.id}",
          member_entity_ids: ["4f1c"],
        }),
      "member_entity_ids",
    ],
    [
      "a group whose members are a group of administrators",
      (production) =>
        production.add("vault_identity_group_member_group_ids", {
          group_id: "${vault_identity_group.People_Admin_DFDD76CF.id}",
          member_group_ids: ["4f1c"],
        }),
      "member_group_ids",
    ],
    [
      "administrators get members in the code",
      (production) =>
        Object.assign(production.resource("vault_identity_group", "People_Admin"), {
          member_entity_ids: ["4f1c"],
        }),
      "identity group admin",
      "powerful login",
    ],
    [
      "the group of auditors gets the policy admin",
      (production) => production.resource("vault_identity_group", "People_Auditor").policies.push("admin"),
      "identity group auditor",
      "sudo",
    ],
    [
      "policies of a group are managed outside",
      (production) =>
        (production.resource("vault_identity_group", "People_Auditor").external_policies = true),
      "external_policies",
      "trust",
    ],
    [
      "an alias of an entity that is not in the code",
      (production) =>
        production.add("vault_identity_entity_alias", {
          name: "mallory",
          mount_accessor: "${vault_auth_backend.People_Auth_18D0D402.accessor}",
          canonical_id: "4f1c",
        }),
      "entity alias",
      "trust",
    ],
    [
      "no second factor for administrators",
      (production) => production.remove("vault_identity_mfa_login_enforcement"),
      "login enforcement",
      "trust",
    ],
    [
      "the second factor is for another group",
      (production) =>
        (production.resource("vault_identity_mfa_login_enforcement").identity_group_ids = [
          "${vault_identity_group.People_Auditor_FD930159.id}",
        ]),
      "identity_group_ids",
      "trust",
    ],
    [
      "another second factor suffices",
      (production) => production.resource("vault_identity_mfa_login_enforcement").mfa_method_ids.push("4f1c"),
      "mfa_method_ids",
      "trust",
    ],
    [
      "any number of attempts at a second factor",
      (production) => delete production.resource("vault_identity_mfa_totp").max_validation_attempts,
      "max_validation_attempts",
      "trust",
    ],
    [
      "an entity for everyone's OIDC client",
      (production) =>
        production.add("vault_identity_oidc_assignment", {
          name: "all",
          entity_ids: ["*"],
          group_ids: ["*"],
        }),
      "oidc assignment all",
      "trust",
    ],
    [
      "a key signs for any client",
      (production) => production.add("vault_identity_oidc_key", { name: "k", allowed_client_ids: ["*"] }),
      "oidc key k",
      "trust",
    ],
    [
      "a role of the OIDC provider with a template",
      (production) =>
        production.add("vault_identity_oidc_role", { name: "r", key: "k", template: '{"groups":"admins"}' }),
      "oidc role r",
      "trust",
    ],
    [
      "a scope with other claims",
      (production) => production.add("vault_identity_oidc_scope", { name: "s", template: '{"admin":true}' }),
      "oidc scope s",
      "trust",
    ],
    [
      "another issuer of identity tokens",
      (production) => production.add("vault_identity_oidc", { issuer: "https://issuer.example" }),
      "identity oidc",
      "trust",
    ],
  ]);

  testNamed([
    [
      "a further second factor",
      (production) => production.add("vault_identity_mfa_duo", { name: "duo", secret_key: "x" }),
      "identity mfa duo",
    ],
    [
      "a further group whose members need a second factor",
      (production) =>
        production
          .resource("vault_identity_mfa_login_enforcement")
          .identity_group_ids.push("${vault_identity_group.People_Operator_362395F2.id}"),
      "identity_group_ids",
    ],
  ]);
});
