import { JwtAuth, type JwtAuthProps } from "../../constructs/auth/jwt-auth";
import { exampleCa } from "../../environments/shared";
import { synthesizeVault, vaultStack } from "../support/vault-stack";

const withProps = (props: JwtAuthProps = {}) => synthesizeVault((stack) => new JwtAuth(stack, "Jwt", props));

test("trusts tokens of GitHub Actions by default", () => {
  expect(withProps().resource("vault_jwt_auth_backend")).toMatchObject({
    type: "jwt",
    path: "jwt",
    oidc_discovery_url: "https://token.actions.githubusercontent.com",
    bound_issuer: "https://token.actions.githubusercontent.com",
    description: "Pipelines with tokens of https://token.actions.githubusercontent.com",
    tune: [expect.objectContaining({ listing_visibility: "hidden", max_lease_ttl: "768h" })],
  });
});

test("sets path, issuer and the CA of the issuer", () => {
  const backend = withProps({
    path: "gitlab",
    issuer: "https://gitlab.example.com",
    caCertificate: exampleCa.replaceAll("\n", "\r\n"),
  }).resource("vault_jwt_auth_backend");
  expect(backend).toMatchObject({
    path: "gitlab",
    oidc_discovery_url: "https://gitlab.example.com",
    oidc_discovery_ca_pem: exampleCa,
    bound_issuer: "https://gitlab.example.com",
  });
});

test.each([
  ["http://issuer.example.com", "an https:// URL"],
  ["issuer.example.com", "an https:// URL"],
  ["https://issuer.example.com/?a", "an https:// URL without a query and fragment"],
  [
    "https://issuer.example.com/.well-known/openid-configuration",
    '"https://issuer.example.com", the issuer without the path that clients append',
  ],
])("rejects the issuer %s", (issuer, allowed) => {
  expect(() => withProps({ issuer })).toThrow(
    `issuer must be ${allowed}, got "${issuer.replace("?a", "?(not shown)")}" [test/Jwt]`,
  );
});

test("rejects a second mount on the same path, and names both constructs", () => {
  const stack = vaultStack();
  new JwtAuth(stack, "One");
  expect(() => new JwtAuth(stack, "Two")).toThrow(
    "mount auth/jwt is taken: test/One has it already [test/Two]",
  );
});
