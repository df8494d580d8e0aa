import { OidcAuth, type OidcAuthProps } from "../../constructs/auth/oidc-auth";
import { OidcGroup } from "../../constructs/auth/oidc-group";
import { Duration } from "../../constructs/core/duration";
import { exampleCa } from "../../environments/shared";
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

test("admits only members of the groups, for 1h and at most 8h, by default", () => {
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

test("keeps the client secret out of Terraform", () => {
  expect(withProps().resources("vault_jwt_auth_backend")).toEqual([]);
});

test("reads the client secret from a prompt in the configuration command", () => {
  const auth = new OidcAuth(vaultStack(), "Oidc", { ...props, clientId: "o'hara" });
  expect(auth.configurationCommand).toBe(
    "read -r -s -p 'Client secret: ' secret && printf '%s' \"$secret\" | vault write auth/oidc/config " +
      "oidc_discovery_url='https://id.example.com' oidc_client_id='o'\\''hara' oidc_client_secret=- default_role=people",
  );
});

test("sets claims, scopes, TTLs and path", () => {
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

test("accepts JSON pointers and any name as claims, bound claims and claim mappings", () => {
  const role = withProps({
    groupsClaim: "/realm_access/roles",
    userClaim: "/user/id",
    boundClaims: { hd: ["example.com", "example.org"], "https://example.com/${x}": ["yes"] },
    claimMappings: { email: "email", "/user/name": "user.name" },
  }).resource("vault_jwt_auth_backend_role");
  expect(role).toMatchObject({
    user_claim: "/user/id",
    user_claim_json_pointer: true,
    groups_claim: "/realm_access/roles",
    bound_claims: {
      "/realm_access/roles": "operators,admins",
      hd: "example.com,example.org",
      "https://example.com/$${x}": "yes",
    },
    claim_mappings: { email: "email", "/user/name": "user.name" },
  });
});

test("includes CA and provider_config in the configuration command", () => {
  const auth = new OidcAuth(vaultStack(), "Oidc", {
    ...props,
    issuer: "https://login.microsoftonline.com/0cda5a64-26c0-4d2a-9b3b-4c6f1f6f6f03/v2.0",
    scopes: ["profile"],
    caCertificate: exampleCa,
    providerConfig: { provider: "azure" },
  });
  expect(auth.configurationCommand).toContain(
    ` | vault write auth/oidc/config @<(printf '%s' '{"provider_config":{"provider":"azure"}}') oidc_discovery_url='`.trim(),
  );
  expect(auth.configurationCommand).toContain(`oidc_discovery_ca_pem='${exampleCa}' oidc_client_secret=-`);
});

test("rejects a mount without groups during synthesis", () => {
  expect(() => withProps({}, [])).toThrow(
    "no group may log in by auth/oidc; add one with new OidcGroup() [test/Oidc]",
  );
});

test.each<[string, Partial<OidcAuthProps>, string]>([
  ["an issuer without TLS", { issuer: "http://id.example.com" }, "issuer must be an https:// URL"],
  [
    "a discovery URL as the issuer",
    { issuer: "https://id.example.com/realms/a/.well-known/openid-configuration" },
    'issuer must be "https://id.example.com/realms/a", the issuer without the path that clients append',
  ],
  ["no address", { addresses: [] }, "addresses must name one at least, got none"],
  [
    "an address with a path",
    { addresses: ["https://vault.example.com/ui"] },
    'each of addresses must be "https://vault.example.com", without a path, got "https://vault.example.com/ui"',
  ],
  ["ttl over its maximum", { ttl: Duration.hours(9) }, "ttl must be at most loginMaxTtl, got 9h and 8h"],
  [
    "a login above the mount",
    { maxTtl: Duration.hours(4) },
    "loginMaxTtl must be at most maxTtl, got 8h and 4h",
  ],
  ["a client id that is a file's name", { clientId: "@secret" }, 'without a leading @, got "@secret"'],
  ["an empty claim", { groupsClaim: "" }, "groupsClaim must be a string that is not empty"],
  ["a claim with a space after it", { userClaim: "sub " }, "userClaim must be the name of a claim"],
  ["a pointer that is none", { groupsClaim: "/a//b" }, 'such as /realm_access/roles, got "/a//b"'],
  ["a pointer with a wrong escape", { userClaim: "/a~2" }, 'such as /realm_access/roles, got "/a~2"'],
  ["no scope", { scopes: [] }, "scopes must name one at least, got none"],
  ["two scopes in one", { scopes: ["profile groups"] }, "scopes[0] must be a scope, such as profile"],
  [
    "a bound claim without a value",
    { boundClaims: { hd: [] } },
    "boundClaims.hd must name one at least, got none",
  ],
  [
    "values that Terraform splits",
    { boundClaims: { hd: ["a,b"] } },
    'without commas and outer spaces, got "a,b"',
  ],
  ["the groups as bound claim", { boundClaims: { groups: ["x"] } }, "boundClaims must not name groupsClaim"],
  ["a key that Vault sets", { claimMappings: { a: "role" } }, 'other than role, got "role"'],
  ["one key for two claims", { claimMappings: { a: "x", b: "x" } }, 'a key for each claim, got ["x","x"]'],
  [
    "what the identity provider refuses",
    { issuer: "https://example.auth0.com" },
    'issuer must be https://<tenant>.auth0.com/, with the slash at the end, got "https://example.auth0.com"',
  ],
])("rejects %s", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
  expect(() => withProps(change)).toThrow("[test/Oidc]");
});
