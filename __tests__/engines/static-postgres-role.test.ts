import type { TerraformStack } from "cdktf";
import { PasswordPolicy } from "../../constructs/auth/password-policy";
import { Duration } from "../../constructs/core/duration";
import { DatabaseEngine } from "../../constructs/engines/database-engine";
import { DynamicPostgresRole } from "../../constructs/engines/dynamic-postgres-role";
import { PostgresDatabase } from "../../constructs/engines/postgres-database";
import {
  StaticPostgresRole,
  type StaticPostgresRoleProps,
} from "../../constructs/engines/static-postgres-role";
import { synthesizeVault, vaultStack } from "../support/vault-stack";
import { Grantee } from "./support/grantee";

const database = PostgresDatabase.fromAttributes(vaultStack(), "ImportedDatabase", {
  engine: DatabaseEngine.fromAttributes(vaultStack(), "ImportedEngine"),
  connectionName: "payments-db",
  database: "payments",
});

const make = (stack: TerraformStack, change: Partial<StaticPostgresRoleProps> = {}) =>
  new StaticPostgresRole(stack, "Role", { database, roleName: "report", userName: "legacy ${x}", ...change });

test("rotates the password of the user every day by default", () => {
  const output = synthesizeVault((stack) => make(stack));
  expect(output.resource("vault_database_secret_backend_static_role")).toMatchObject({
    backend: "database",
    name: "report",
    db_name: "payments-db",
    username: "legacy $${x}",
    rotation_period: 86400,
  });
});

test("accepts another period and password policy", () => {
  const output = synthesizeVault((stack) =>
    make(stack, {
      rotationPeriod: Duration.hours(1),
      passwordPolicy: new PasswordPolicy(stack, "Passwords", { passwordPolicyName: "database" }),
    }),
  );
  expect(output.resource("vault_database_secret_backend_static_role")).toMatchObject({
    rotation_period: 3600,
    credential_config: { password_policy: expect.stringContaining("vault_password_policy.") },
  });
});

test("accepts a period of five seconds", () => {
  const output = synthesizeVault((stack) => make(stack, { rotationPeriod: Duration.seconds(5) }));
  expect(output.resource("vault_database_secret_backend_static_role").rotation_period).toBe(5);
});

test("grants reading the current password", () => {
  const stack = vaultStack();
  const grantee = new Grantee(stack);
  make(stack).grantCredentials(grantee);
  expect(grantee.only).toEqual(["database/static-creds/report", ["read"]]);
});

test.each<[string, Partial<StaticPostgresRoleProps>, string]>([
  ["no user", { userName: "" }, 'userName must be a string that is not empty, got ""'],
  [
    "a period of no time",
    { rotationPeriod: Duration.seconds(4) },
    "rotationPeriod must be 5s at least, got 4s",
  ],
  ["a name that Vault would change", { roleName: "Report" }, "roleName must be lower-case"],
])("rejects %s", (_title, change, message) => {
  expect(() => make(vaultStack(), change)).toThrow(message);
  expect(() => make(vaultStack(), change)).toThrow("[test/Role]");
});

test("rejects a second role of a user, and a dynamic role with the same name", () => {
  const stack = vaultStack();
  make(stack);
  expect(
    () => new StaticPostgresRole(stack, "Two", { database, roleName: "b", userName: "legacy ${x}" }),
  ).toThrow("database user database/payments-db/legacy ${x} is taken: test/Role has it already [test/Two]");
  expect(() => new DynamicPostgresRole(stack, "Three", { database, roleName: "report" })).toThrow(
    "role database/role/report is taken: test/Role has it already [test/Three]",
  );
});
