import { OidcAuth, type OidcAuthProps } from "../../constructs/auth/oidc-auth";
import { OidcGroup } from "../../constructs/auth/oidc-group";
import { Duration } from "../../constructs/core/duration";
import { synthesizeVault, vaultStack } from "../support/vault-stack";

const props = {
  issuer: "https://id.example.com",
  clientId: "vault",
  addresses: ["https://vault.example.com"],
};
const rule = { path: "sys/health", capabilities: ["read"], reason: "looks" } as const;

const withProps = (change: Partial<OidcAuthProps> = {}, groups = ["operators", "admins"]) =>
  synthesizeVault((stack) => {
    const auth = new OidcAuth(stack, "Oidc", { ...props, ...change });
    groups.forEach((group) => new OidcGroup(stack, group, { auth, groupName: group, group }).grant(rule));
  });

test("by default people log in for an hour and a working day at most, and only members of the groups do", () => {
  const output = withProps();
  expect(output.resource("vault_jwt_auth_backend_role")).toMatchObject({
    role_name: "people",
    role_type: "oidc",
    user_claim: "sub",
    groups_claim: "groups",
    oidc_scopes: ["profile", "groups"],
    allowed_redirect_uris: [
      "https://vault.example.com/ui/vault/auth/oidc/oidc/callback",
      "http://localhost:8250/oidc/callback",
    ],
    bound_claims: { groups: "operators,admins" },
    token_policies: [],
    token_ttl: 3600,
    token_max_ttl: 28800,
  });
  expect(output.resource("vault_auth_backend")).toMatchObject({
    type: "oidc",
    path: "oidc",
    tune: [expect.objectContaining({ listing_visibility: "unauth" })],
  });
});

test("Terraform is given no client secret", () => {
  expect(withProps().resources("vault_jwt_auth_backend")).toEqual([]);
});

test("the command that a person runs asks for the secret and names everything else", () => {
  const auth = new OidcAuth(vaultStack(), "Oidc", { ...props, clientId: "o'hara" });
  expect(auth.configurationCommand).toBe(
    "read -r -s -p 'Client secret: ' secret && printf '%s' \"$secret\" | vault write auth/oidc/config " +
      "oidc_discovery_url='https://id.example.com' oidc_client_id='o'\\''hara' oidc_client_secret=- default_role=people",
  );
});

test("claims, scopes, TTLs and path can be chosen", () => {
  const role = withProps({
    path: "people",
    groupsClaim: "roles",
    userClaim: "email",
    scopes: ["email"],
    ttl: Duration.minutes(30),
    loginMaxTtl: Duration.hours(4),
  }).resource("vault_jwt_auth_backend_role");
  expect(role).toMatchObject({
    user_claim: "email",
    groups_claim: "roles",
    oidc_scopes: ["email"],
    bound_claims: { roles: "operators,admins" },
    token_ttl: 1800,
    token_max_ttl: 14400,
  });
  expect(role.allowed_redirect_uris[0]).toBe("https://vault.example.com/ui/vault/auth/people/oidc/callback");
});

test("a mount that admits no group is refused when the stack is synthesized", () => {
  expect(() => withProps({}, [])).toThrow(
    "no group may log in by auth/oidc; add one with new OidcGroup() [test/Oidc]",
  );
});

test.each<[string, Partial<OidcAuthProps>, string]>([
  ["an issuer without TLS", { issuer: "http://id.example.com" }, "issuer must be an https:// URL"],
  ["no address", { addresses: [] }, "addresses must name one at least, got none"],
  [
    "an address with a path",
    { addresses: ["https://vault.example.com/ui"] },
    "got https://vault.example.com/ui",
  ],
  ["ttl over its maximum", { ttl: Duration.hours(9) }, "ttl must be at most loginMaxTtl, got 9h and 8h"],
  [
    "a login above the mount",
    { maxTtl: Duration.hours(4) },
    "loginMaxTtl must be at most maxTtl, got 8h and 4h",
  ],
])("%s is refused", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
  expect(() => withProps(change)).toThrow("[test/Oidc]");
});
