import type { PkiSecretBackendRole } from "@cdktf/provider-vault/lib/pki-secret-backend-role";
import { TerraformStack } from "cdktf";
import { Duration } from "../../constructs/core/duration";
import { PkiEngine } from "../../constructs/engines/pki-engine";
import { PkiRole, type PkiRoleProps } from "../../constructs/engines/pki-role";
import { synthesizeVault, vaultStack } from "../support/vault-stack";
import { Grantee } from "./support/grantee";

const engine = PkiEngine.fromAttributes(vaultStack(), "ImportedPki");
const make = (stack: TerraformStack, change: Partial<PkiRoleProps> = {}) =>
  new PkiRole(stack, "Role", {
    engine,
    roleName: "payment-service",
    allowedDomains: ["payment-service.production.svc"],
    ...change,
  });
const withProps = (change: Partial<PkiRoleProps> = {}) =>
  synthesizeVault((stack) => make(stack, change)).resource("vault_pki_secret_backend_role");

test("allows only the domains by default: no other name, address, wildcard or localhost", () => {
  expect(withProps()).toMatchObject({
    backend: "pki",
    name: "payment-service",
    allowed_domains: ["payment-service.production.svc"],
    allow_bare_domains: true,
    allow_subdomains: false,
    allow_any_name: false,
    allow_glob_domains: false,
    allow_ip_sans: false,
    allow_localhost: false,
    allow_wildcard_certificates: false,
    enforce_hostnames: true,
    require_cn: false,
    key_type: "ec",
    key_bits: 256,
    ttl: "86400",
    max_ttl: "2592000",
    no_store: false,
    server_flag: true,
    client_flag: true,
  });
});

test("accepts subdomains, TTLs and RSA keys", () => {
  expect(
    withProps({ allowSubdomains: true, ttl: Duration.hours(1), maxTtl: Duration.hours(2), keyType: "rsa" }),
  ).toMatchObject({ allow_subdomains: true, ttl: "3600", max_ttl: "7200", key_type: "rsa", key_bits: 2048 });
});

test("reduces both TTLs to the maximum of the engine", () => {
  const short = PkiEngine.fromAttributes(vaultStack(), "ImportedPki", { maxTtl: Duration.hours(2) });
  expect(withProps({ engine: short })).toMatchObject({ ttl: "7200", max_ttl: "7200" });
});

test("grants issuing as in the article, and signing separately", () => {
  const stack = vaultStack();
  const role = make(stack);
  const [issuing, signing] = ["Issuing", "Signing"].map((id) => new Grantee(stack, id));
  role.grantIssue(issuing);
  role.grantSign(signing);
  expect(issuing.only).toEqual(["pki/issue/payment-service", ["create", "update"]]);
  expect(signing.only).toEqual(["pki/sign/payment-service", ["create", "update"]]);
});

test.each([
  "*",
  "*.example.com",
  ".",
  ".example.com",
  "example.com.",
  "exa mple.com",
  "{{identity.entity.name}}",
])("rejects the domain %j, because it allows more than one host name", (domain) => {
  expect(() => withProps({ allowedDomains: [domain] })).toThrow(
    `each of allowedDomains must be a host name, such as vault.example.com, got "${domain}" [test/Role]`,
  );
});

test("rejects a domain without a dot with subdomains, because it allows everything below", () => {
  expect(() => withProps({ allowedDomains: ["com"], allowSubdomains: true })).toThrow(
    'or it allows everything below com, got "com" [test/Role]',
  );
  expect(withProps({ allowedDomains: ["vault"] }).allowed_domains).toEqual(["vault"]);
});

test.each<[string, Partial<PkiRoleProps>, string]>([
  ["no domain", { allowedDomains: [] }, "allowedDomains must name one at least, got none"],
  [
    "ttl over max ttl",
    { ttl: Duration.hours(2), maxTtl: Duration.hours(1) },
    "ttl must be at most maxTtl, got 2h and 1h: Vault would cut it",
  ],
  [
    "a maximum above the mount's",
    { maxTtl: Duration.days(60) },
    "maxTtl must be at most maxTtl of the mount pki, got 1440h and 768h",
  ],
  ["a name that Vault would change", { roleName: "Payment" }, "roleName must be lower-case"],
])("rejects %s", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
  expect(() => withProps(change)).toThrow("[test/Role]");
});

test("rejects a role name that is taken and names both paths", () => {
  const stack = vaultStack();
  make(stack);
  expect(
    () => new PkiRole(stack, "Two", { engine, roleName: "payment-service", allowedDomains: ["a.b"] }),
  ).toThrow("role pki/role/payment-service is taken: test/Role has it already [test/Two]");
});

test("returns the role from node.defaultChild", () => {
  const output = synthesizeVault((stack) => {
    (make(stack).node.defaultChild as PkiSecretBackendRole).addOverride("require_cn", true);
  });
  expect(output.resource("vault_pki_secret_backend_role").require_cn).toBe(true);
});
