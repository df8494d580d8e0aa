import { LoginMfa, type LoginMfaProps } from "../../constructs/auth/login-mfa";
import { OidcAuth } from "../../constructs/auth/oidc-auth";
import { OidcGroup } from "../../constructs/auth/oidc-group";
import { synthesizeVault } from "../support/vault-stack";

const withProps = (change: Partial<LoginMfaProps> = {}) =>
  synthesizeVault((stack) => {
    const auth = new OidcAuth(stack, "Oidc", {
      issuer: "https://id.example.com",
      clientId: "vault",
      addresses: ["https://vault.example.com"],
    });
    const admin = new OidcGroup(stack, "Admin", { auth, groupName: "admin", group: "admins" });
    admin.grant({ path: "sys/health", capabilities: ["read"], reason: "looks" });
    new LoginMfa(stack, "Mfa", {
      enforcementName: "admin",
      issuer: "Vault ${env}",
      groups: [admin],
      ...change,
    });
  });

test("requires TOTP from members of the group, with at most five attempts", () => {
  const output = withProps();
  expect(output.resource("vault_identity_mfa_totp")).toMatchObject({
    issuer: "Vault $${env}",
    max_validation_attempts: 5,
  });
  expect(output.resource("vault_identity_mfa_login_enforcement")).toMatchObject({
    name: "admin",
    mfa_method_ids: [expect.stringMatching(/^\$\{vault_identity_mfa_totp\..*\.method_id\}$/)],
    identity_group_ids: [expect.stringMatching(/^\$\{vault_identity_group\.Admin_\w+\.id\}$/)],
  });
});

test("requires TOTP from each group of an OidcGroup with several groups", () => {
  const output = synthesizeVault((stack) => {
    const auth = new OidcAuth(stack, "Oidc", {
      issuer: "https://id.example.com",
      clientId: "vault",
      addresses: ["https://vault.example.com"],
    });
    const admin = new OidcGroup(stack, "Admin", { auth, groupName: "admin", group: ["one", "other"] });
    admin.grant({ path: "sys/health", capabilities: ["read"], reason: "looks" });
    new LoginMfa(stack, "Mfa", { enforcementName: "admin", issuer: "Vault", groups: [admin] });
  });
  expect(output.resource("vault_identity_mfa_login_enforcement").identity_group_ids).toHaveLength(2);
});

test.each<[string, Partial<LoginMfaProps>, string]>([
  ["no group", { groups: [] }, "groups must name one at least, got none"],
  ["an empty issuer", { issuer: " " }, 'issuer must be a string that is not empty, got " "'],
  ["a wrong name", { enforcementName: "Admin" }, "enforcementName must be lower-case"],
])("rejects %s", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
  expect(() => withProps(change)).toThrow("[test/Mfa]");
});
