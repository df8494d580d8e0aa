import type { DatabaseSecretBackendRole } from "@cdktf/provider-vault/lib/database-secret-backend-role";
import type { TerraformStack } from "cdktf";
import { PasswordPolicy } from "../../constructs/auth/password-policy";
import { Duration } from "../../constructs/core/duration";
import { DatabaseEngine } from "../../constructs/engines/database-engine";
import {
  DynamicPostgresRole,
  type DynamicPostgresRoleProps,
} from "../../constructs/engines/dynamic-postgres-role";
import { PostgresDatabase } from "../../constructs/engines/postgres-database";
import { synthesizeVault, vaultStack } from "../support/vault-stack";
import { Grantee } from "./support/grantee";

const database = PostgresDatabase.fromAttributes(vaultStack(), "ImportedDatabase", {
  engine: DatabaseEngine.fromAttributes(vaultStack(), "ImportedEngine", { maxTtl: Duration.hours(48) }),
  connectionName: "payments-db",
  database: "payments",
});

/** Statements from the article, unchanged. */
const ARTICLE = {
  creation: [
    `CREATE ROLE "{{name}}" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'; GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO "{{name}}";`,
  ],
  revocation: [`REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{{name}}"; DROP ROLE IF EXISTS "{{name}}";`],
};

const make = (stack: TerraformStack, change: Partial<DynamicPostgresRoleProps> = {}) =>
  new DynamicPostgresRole(stack, "Role", { database, roleName: "payment-service-role", ...change });
const withProps = (change: Partial<DynamicPostgresRoleProps> = {}) =>
  synthesizeVault((stack) => make(stack, change)).resource("vault_database_secret_backend_role");

test("creates read-only users by default, for one hour and at most a day", () => {
  const role = withProps();
  expect(role).toMatchObject({
    backend: "database",
    name: "payment-service-role",
    db_name: "payments-db",
    default_ttl: 3600,
    max_ttl: 86400,
    creation_statements: [expect.stringContaining('IN ROLE "payments_app_ro"')],
    revocation_statements: [expect.stringContaining('DROP OWNED BY "{{name}}"')],
  });
  expect(role).not.toHaveProperty("credential_config");
});

test("accepts another access, TTLs and password policy", () => {
  const output = synthesizeVault((stack) =>
    make(stack, {
      access: "read-write",
      defaultTtl: Duration.minutes(10),
      maxTtl: Duration.hours(48),
      passwordPolicy: new PasswordPolicy(stack, "Passwords", { passwordPolicyName: "database" }),
    }),
  );
  expect(output.resource("vault_database_secret_backend_role")).toMatchObject({
    creation_statements: [expect.stringContaining('IN ROLE "payments_app_rw"')],
    default_ttl: 600,
    max_ttl: 172800,
    credential_config: { password_policy: expect.stringMatching(/^\$\{vault_password_policy\..*\.name\}$/) },
  });
});

test("reduces the default TTL to a shorter maximum", () => {
  expect(withProps({ maxTtl: Duration.minutes(30) }).default_ttl).toBe(1800);
});

test("accepts the article's SQL and reports it", () => {
  expect(withProps({ customStatements: ARTICLE })).toMatchObject({
    creation_statements: ARTICLE.creation,
    revocation_statements: ARTICLE.revocation,
  });
});

test("escapes Terraform templates in SQL", () => {
  const customStatements = {
    creation: [`CREATE ROLE "{{name}}" PASSWORD '{{password}}'; COMMENT ON ROLE "{{name}}" IS '\${a} %{b}'`],
    revocation: ["DO $$ BEGIN END $$;"],
  };
  const role = withProps({ customStatements });
  expect(role.creation_statements[0]).toContain("'$${a} %%{b}'");
  expect(role.revocation_statements).toEqual(customStatements.revocation);
});

test("grants reading credentials of the role, as in the article", () => {
  const stack = vaultStack();
  const grantee = new Grantee(stack);
  const role = make(stack);
  role.grantCredentials(grantee);
  expect(grantee.only).toEqual(["database/creds/payment-service-role", ["read"]]);
  expect(grantee.rules[0].grantedBy).toBe(role);
});

test("rejects a grant whose lease outlives the grantee's token and prints both TTLs", () => {
  const stack = vaultStack();
  const role = make(stack);
  expect(() => role.grantCredentials(new Grantee(stack, "Short", Duration.hours(12)))).toThrow(
    "maxTtl of role payment-service-role must be at most the token's maxTtl of test/Short, got 24h and 12h: a token that ends takes its leases with it; lengthen the token, shorten the lease or make the token periodic [test/Role]",
  );
});

test("accepts a token as long as the lease and a periodic token", () => {
  const stack = vaultStack();
  const role = make(stack);
  for (const grantee of [
    new Grantee(stack, "Day", Duration.hours(24)),
    new Grantee(stack, "Periodic", Duration.hours(1), true),
  ]) {
    role.grantCredentials(grantee);
    expect(grantee.only).toEqual(["database/creds/payment-service-role", ["read"]]);
  }
});

const sql = (change: Partial<typeof ARTICLE>) => ({ customStatements: { ...ARTICLE, ...change } });

test.each<[string, Partial<DynamicPostgresRoleProps>, string]>([
  [
    "ttl over max ttl",
    { defaultTtl: Duration.hours(25) },
    "defaultTtl must be at most maxTtl, got 25h and 24h: a credential ends there",
  ],
  [
    "a maximum above the mount's",
    { maxTtl: Duration.hours(72) },
    "maxTtl must be at most maxTtl of the mount database, got 72h and 48h",
  ],
  [
    "no creation SQL",
    sql({ creation: [] }),
    "customStatements.creation must be SQL, got []: Vault would refuse to make users",
  ],
  ["empty creation SQL", sql({ creation: ["  \n;"] }), "customStatements.creation must be SQL"],
  [
    "a comment for SQL",
    sql({ creation: ["-- CREATE ROLE", "/* x */"] }),
    "customStatements.creation must be SQL",
  ],
  [
    "no revocation SQL",
    sql({ revocation: [] }),
    "Vault would fall back to SQL that fails outside the schema public",
  ],
  [
    "one empty statement",
    sql({ revocation: ["DROP ROLE x", ""] }),
    "customStatements.revocation must be SQL",
  ],
  ["SQL that makes no user", sql({ creation: ["SELECT 1"] }), "customStatements.creation must use {{name}}"],
  [
    "SQL without a password",
    sql({ creation: ['CREATE ROLE "{{name}}"'] }),
    "customStatements.creation must use {{password}}",
  ],
  ["a name that Vault would change", { roleName: "Payment" }, "roleName must be lower-case"],
])("rejects %s", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
  expect(() => withProps(change)).toThrow("[test/Role]");
});

test("rejects a role name that is taken and names both paths", () => {
  const stack = vaultStack();
  make(stack);
  expect(() => new DynamicPostgresRole(stack, "Two", { database, roleName: "payment-service-role" })).toThrow(
    "role database/role/payment-service-role is taken: test/Role has it already [test/Two]",
  );
});

test("returns the role from node.defaultChild", () => {
  const output = synthesizeVault((stack) => {
    (make(stack).node.defaultChild as DatabaseSecretBackendRole).addOverride("renew_statements", [
      "SELECT 1",
    ]);
  });
  expect(output.resource("vault_database_secret_backend_role").renew_statements).toEqual(["SELECT 1"]);
});
