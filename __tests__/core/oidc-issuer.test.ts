import { OidcIssuer, parseOidcProvider } from "../../constructs/core/oidc-issuer";

test.each([
  "https://login.example.com",
  "https://tenant.eu.auth0.com/",
  "https://keycloak.example.com:8443/realms/main",
  "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0",
])("reads the issuer %s", (text) => {
  expect(OidcIssuer.parse(text).toString()).toBe(text);
});

test.each([
  ["https://login.example.com/.well-known/openid-configuration", "https://login.example.com"],
  ["https://login.example.com//.well-known/openid-configuration", "https://login.example.com"],
  [
    "https://login.example.com/realms/a/.well-known/openid-configuration/",
    "https://login.example.com/realms/a",
  ],
  ["https://login.example.com/.well-known/openid-configuration?a=1", "https://login.example.com"],
  ["https://login.example.com/.well-known/jwks.json", "https://login.example.com"],
  ["https://login.example.com/.well-known", "https://login.example.com"],
])("rejects the discovery URL %s and suggests %s", (text, issuer) => {
  expect(() => OidcIssuer.parse(text)).toThrow(
    `must be "${issuer}", the issuer without the path that clients append`,
  );
});

test.each([
  ["http://login.example.com", "an https:// URL"],
  ["login.example.com", "an https:// URL"],
  ["https://login.example.com?realm=1", "an https:// URL without a query and fragment"],
  ["https://login.example.com/#a", "an https:// URL without a query and fragment"],
])("rejects %s: must be %s", (text, allowed) => {
  expect(() => OidcIssuer.parse(text)).toThrow(allowed);
});

describe("parseOidcProvider", () => {
  test.each(["oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE", "oidc.example.com", "s3.example.com/a/b-c_d"])(
    "reads %s",
    (text) => {
      expect(parseOidcProvider(text)).toBe(text);
    },
  );

  test.each([
    ["https://oidc.example.com/id/1", "oidc.example.com/id/1"],
    ["oidc.example.com/id/1/", "oidc.example.com/id/1"],
    ["https://oidc.example.com/id/1/.well-known/openid-configuration", "oidc.example.com/id/1"],
    ["oidc.example.com/.well-known/openid-configuration", "oidc.example.com"],
  ])("rejects %s and suggests %s", (text, provider) => {
    expect(() => parseOidcProvider(text)).toThrow(`must be "${provider}", the issuer as AWS names it`);
  });

  test.each([
    "",
    "oidc.example.com:8443/id/1",
    "http://oidc.example.com",
    "oidc example.com",
    "OIDC.example.com",
  ])("rejects %p", (text) => {
    expect(() => parseOidcProvider(text)).toThrow("must be an OIDC issuer without https://");
  });
});
