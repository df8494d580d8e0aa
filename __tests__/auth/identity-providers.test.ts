import { type OidcLoginSettings, identityProviderProblems } from "../../constructs/auth/identity-providers";
import { loadEnvironments } from "../../platform/load";
import { environmentOf, providerRows } from "./support/provider-rows";

const rows = providerRows();

test("lists each promised identity provider on the page", () => {
  const names = ["Microsoft Entra ID", "Okta", "Auth0", "Amazon Cognito", "Keycloak, groups", "Google"];
  expect(rows.map(({ provider }) => provider)).toEqual(expect.arrayContaining(names));
});

test.each(rows)("accepts an environment with the documented fields of $provider", (row) => {
  const [{ vault }] = loadEnvironments([environmentOf(row)]);
  expect(vault.oidc).toMatchObject(row.fields);
});

const GUID = "0cda5a64-26c0-4d2a-9b3b-4c6f1f6f6f03";
const ENTRA = `https://login.microsoftonline.com/${GUID}/v2.0`;

const settings = (change: Partial<OidcLoginSettings>): OidcLoginSettings => ({
  issuer: "https://login.example.com",
  scopes: ["profile"],
  groupsClaim: "groups",
  boundClaims: {},
  groups: ["admins"],
  ...change,
});

test.each<[string, Partial<OidcLoginSettings>, string, unknown, string]>([
  [
    "an issuer that is all tenants' of Entra ID",
    { issuer: "https://login.microsoftonline.com/common/v2.0" },
    "issuer",
    "https://login.microsoftonline.com/common/v2.0",
    "<tenant id>",
  ],
  [
    "an issuer of Entra ID without its version",
    { issuer: `https://login.microsoftonline.us/${GUID}` },
    "issuer",
    `https://login.microsoftonline.us/${GUID}`,
    "/v2.0",
  ],
  [
    "the scope groups at Entra ID",
    { issuer: ENTRA, scopes: ["profile", "groups"] },
    "scopes",
    ["profile", "groups"],
    "without groups",
  ],
  [
    "a lookup of groups without the scope profile",
    { issuer: ENTRA, scopes: ["email"], providerConfig: { provider: "azure" }, groups: [GUID] },
    "scopes",
    ["email"],
    "scopes with profile",
  ],
  [
    "a lookup of groups for app roles",
    { issuer: ENTRA, groupsClaim: "roles", providerConfig: { provider: "azure" }, groups: [GUID] },
    "groupsClaim",
    "roles",
    "no other claim",
  ],
  [
    "a group's name where Microsoft Graph gives ids",
    { issuer: ENTRA, providerConfig: { provider: "azure" }, groups: [GUID, "admins"] },
    "groups",
    "admins",
    "object ids",
  ],
  [
    "Microsoft Graph at another provider",
    { providerConfig: { provider: "azure" } },
    "providerConfig",
    { provider: "azure" },
    "Microsoft Entra ID",
  ],
  [
    "an issuer of Auth0 without its slash",
    { issuer: "https://example.eu.auth0.com", groupsClaim: "https://example.com/groups" },
    "issuer",
    "https://example.eu.auth0.com",
    "slash at the end",
  ],
  [
    "a claim that Auth0 drops",
    { issuer: "https://example.eu.auth0.com/" },
    "groupsClaim",
    "groups",
    "https://example.com/groups",
  ],
  [
    "a scope that Cognito refuses",
    {
      issuer: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab1",
      scopes: ["profile", "groups"],
    },
    "scopes",
    ["profile", "groups"],
    "Amazon Cognito",
  ],
  [
    "the domain of a user pool's region alone",
    { issuer: "https://cognito-idp.eu-west-1.amazonaws.com" },
    "issuer",
    "https://cognito-idp.eu-west-1.amazonaws.com",
    "<user pool id>",
  ],
  [
    "the address of Okta's console",
    { issuer: "https://example-admin.okta.com" },
    "issuer",
    "https://example-admin.okta.com",
    "https://<org>.okta.com",
  ],
  [
    "a realm of Keycloak with a slash at the end",
    { issuer: "https://keycloak.example.com/auth/realms/main/" },
    "issuer",
    "https://keycloak.example.com/auth/realms/main/",
    "without a slash",
  ],
  [
    "groups of Google",
    { issuer: "https://accounts.google.com", boundClaims: { hd: ["example.com"] } },
    "groupsClaim",
    "groups",
    "email address",
  ],
  [
    "addresses that any Google account could have",
    { issuer: "https://accounts.google.com", scopes: ["email"], groupsClaim: "email" },
    "boundClaims",
    {},
    "hd with the domains",
  ],
  [
    "an email address that is not requested of Google",
    { issuer: "https://accounts.google.com", groupsClaim: "email", boundClaims: { hd: ["example.com"] } },
    "scopes",
    ["profile"],
    "scopes with email",
  ],
])("rejects %s", (_title, change, field, received, allowed) => {
  expect(identityProviderProblems(settings(change))).toEqual([
    { field, received, allowed: expect.stringContaining(allowed) },
  ]);
});

test.each([
  "https://login.example.com",
  "https://gitlab.example.com/",
  "https://dex.example.com/dex",
  "https://example.okta.com/oauth2/aus1",
  "https://keycloak.example.com/auth/realms/main",
  "not a URL",
])("accepts the issuer %s", (issuer) => {
  expect(identityProviderProblems(settings({ issuer, scopes: ["profile", "groups"] }))).toEqual([]);
});
