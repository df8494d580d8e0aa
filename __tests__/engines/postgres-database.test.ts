import type { DatabaseSecretBackendConnection } from "@cdktf/provider-vault/lib/database-secret-backend-connection";
import { TerraformStack, TerraformVariable } from "cdktf";
import { DatabaseEngine } from "../../constructs/engines/database-engine";
import { DynamicPostgresRole } from "../../constructs/engines/dynamic-postgres-role";
import { PostgresDatabase } from "../../constructs/engines/postgres-database";
import type { PostgresDatabaseProps } from "../../constructs/engines/postgres-database-props";
import { StaticPostgresRole } from "../../constructs/engines/static-postgres-role";
import { exampleCa } from "../../environments/shared";
import { synthesizeVault, vaultStack } from "../support/vault-stack";

const props = {
  connectionName: "payments-db",
  host: "payments-db.production.svc",
  database: "payments",
  owners: ["payments_owner"],
};

const make = (stack: TerraformStack, change: Partial<PostgresDatabaseProps> = {}) =>
  new PostgresDatabase(stack, "PaymentsDb", {
    engine: new DatabaseEngine(stack, "Database"),
    ...props,
    ...change,
  });

const withProps = (change: Partial<PostgresDatabaseProps> = {}) =>
  synthesizeVault((stack) => make(stack, change));
const connection = (change: Partial<PostgresDatabaseProps> = {}) =>
  withProps(change).resource("vault_database_secret_backend_connection");

test("verifies the server, hashes passwords and uses the article's user by default", () => {
  expect(connection()).toMatchObject({
    backend: expect.stringMatching(/^\$\{vault_mount\.Database_\w+\.path\}$/),
    name: "payments-db",
    verify_connection: true,
    allowed_roles: [],
    postgresql: {
      connection_url:
        "postgresql://{{username}}:{{password}}@payments-db.production.svc:5432/payments?sslmode=verify-full",
      username: "vault_admin",
      password_authentication: "scram-sha-256",
      max_open_connections: 4,
    },
  });
  expect(connection().postgresql).not.toHaveProperty("password");
  expect(connection().postgresql).not.toHaveProperty("tls_ca");
});

test("reads the initial password from an optional ephemeral variable", () => {
  const stack = vaultStack();
  make(stack);
  const { variable } = stack.toTerraform();
  expect(variable.payments_db_initial_password).toMatchObject({
    ephemeral: true,
    sensitive: true,
    default: "",
  });
  expect(connection().postgresql).toMatchObject({
    password_wo: '${var.payments_db_initial_password == "" ? null : var.payments_db_initial_password}',
    password_wo_version: 1,
  });
});

test("rotates the password once, and again only for a new initial password", () => {
  const endpoint = withProps().resource("vault_generic_endpoint");
  expect(endpoint).toMatchObject({
    path: expect.stringMatching(
      /^\$\{vault_mount\..*\.path\}\/rotate-root\/\$\{vault_database_secret_backend_connection\..*\.name\}$/,
    ),
    data_json: "{}",
    disable_read: true,
    disable_delete: true,
  });
  expect(endpoint.lifecycle.replace_triggered_by).toEqual([
    expect.stringMatching(
      /^vault_database_secret_backend_connection\.PaymentsDb_\w+\.postgresql\[0\]\.password_wo_version$/,
    ),
  ]);
});

test("accepts every property", () => {
  const { name, postgresql } = connection({
    connectionName: "ledger",
    host: "2001:db8::1",
    port: 6432,
    database: "led/ger",
    adminUser: "vault",
    caCertificate: exampleCa + exampleCa.replaceAll("\n", "\r\n"),
    initialPasswordVersion: 2,
    maxOpenConnections: 9,
  });
  expect(name).toBe("ledger");
  expect(postgresql).toMatchObject({
    connection_url: "postgresql://{{username}}:{{password}}@[2001:db8::1]:6432/led%2Fger?sslmode=verify-full",
    username: "vault",
    tls_ca: exampleCa + exampleCa,
    password_wo_version: 2,
    max_open_connections: 9,
  });
});

test("accepts tokens for host, port and initial password", () => {
  const output = synthesizeVault((stack) => {
    const [host, port, password] = ["host", "port", "password"].map(
      (id) => new TerraformVariable(stack, id, {}),
    );
    make(stack, { host: host.stringValue, port: port.numberValue, initialPassword: password.stringValue });
  });
  expect(output.resource("vault_database_secret_backend_connection").postgresql).toMatchObject({
    connection_url:
      "postgresql://{{username}}:{{password}}@${var.host}:${var.port}/payments?sslmode=verify-full",
    password_wo: "${var.password}",
  });
});

test.each(["disable", "require", "verify-ca"] as const)(
  "uses sslmode %s only with unsafeSslMode",
  (unsafeSslMode) => {
    expect(connection({ unsafeSslMode }).postgresql.connection_url).toMatch(`?sslmode=${unsafeSslMode}`);
  },
);

test("allows the roles of the app to use the connection, sorted", () => {
  const output = synthesizeVault((stack) => {
    const database = make(stack);
    new DynamicPostgresRole(stack, "B", { database, roleName: "b" });
    new StaticPostgresRole(stack, "A", { database, roleName: "a", userName: "a" });
    database.allowRole("of-a-shard");
  });
  expect(output.resource("vault_database_secret_backend_connection").allowed_roles).toEqual([
    "a",
    "b",
    "of-a-shard",
  ]);
});

test("uses allowedRoles instead of the app's roles", () => {
  const output = synthesizeVault((stack) => {
    const database = make(stack, { allowedRoles: ["payments-*"] });
    new DynamicPostgresRole(stack, "B", { database, roleName: "b" });
  });
  expect(output.resource("vault_database_secret_backend_connection").allowed_roles).toEqual(["payments-*"]);
});

test("writes group roles and static users of the app into the setup SQL", () => {
  const stack = vaultStack();
  const database = make(stack, { schemas: ["public", "ledger"] });
  new StaticPostgresRole(stack, "Report", { database, roleName: "report", userName: "legacy_report" });
  expect(database.setupSql).toContain('GRANT "payments_app_rw" TO "vault_admin" WITH ADMIN OPTION;');
  expect(database.setupSql).toContain(
    'ALTER DEFAULT PRIVILEGES FOR ROLE "payments_owner" IN SCHEMA "ledger" GRANT SELECT ON TABLES TO "payments_app_ro";',
  );
  expect(database.setupSql).toContain('GRANT "legacy_report" TO "vault_admin" WITH ADMIN OPTION;');
});

test("accepts other names of the group roles", () => {
  const database = make(vaultStack(), { groupRoles: { "read-only": "reader", "read-write": "writer" } });
  expect([database.groupRole("read-only"), database.groupRole("read-write")]).toEqual(["reader", "writer"]);
});

test("refers to a database of another stack by its names", () => {
  const engine = DatabaseEngine.fromAttributes(vaultStack(), "ImportedEngine");
  const database = PostgresDatabase.fromAttributes(vaultStack(), "ImportedDatabase", {
    engine,
    connectionName: "payments-db",
    database: "payments",
  });
  expect(database).toMatchObject({
    connectionName: "payments-db",
    connectionReference: "payments-db",
    engine,
  });
  expect(database.groupRole("read-write")).toBe("payments_app_rw");
  const output = synthesizeVault(
    (stack) => new DynamicPostgresRole(stack, "Role", { database, roleName: "a" }),
  );
  expect(output.resource("vault_database_secret_backend_role")).toMatchObject({
    backend: "database",
    db_name: "payments-db",
  });
});

test("rejects a literal password and does not print it", () => {
  const build = () => withProps({ initialPassword: "initial-setup-password" });
  expect(build).toThrow("initialPassword must be a reference to an ephemeral value, got a literal text");
  expect(build).not.toThrow("initial-setup-password");
});

test.each<[string, Partial<PostgresDatabaseProps>, string]>([
  [
    "a host with a port",
    { host: "db:5432x" },
    'host must be a host name or IP address, such as vault.example.com, without a port and brackets, got "db:5432x"',
  ],
  ["a host with a scheme", { host: "postgresql://db" }, 'got "postgresql://db"'],
  ["port 0", { port: 0 }, "port must be a whole number from 1 to 65535, got 0"],
  ["port 70000", { port: 70000 }, "got 70000"],
  ["version 0", { initialPasswordVersion: 0 }, "initialPasswordVersion must be a whole number from 1, got 0"],
  ["no connections", { maxOpenConnections: 0 }, "maxOpenConnections must be a whole number from 1, got 0"],
  ["no schema", { schemas: [] }, "schemas must name one at least, got none"],
  ["no owner", { owners: [] }, "owners must name one at least, got none"],
  ["a name that Vault would change", { connectionName: "Payments" }, "connectionName must be lower-case"],
])("rejects %s", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
  expect(() => withProps(change)).toThrow("[test/PaymentsDb]");
});

test("rejects a connection name that is taken and names both paths", () => {
  const stack = vaultStack();
  const first = make(stack);
  expect(() => new PostgresDatabase(stack, "Two", { engine: first.engine, ...props })).toThrow(
    "database connection database/config/payments-db is taken: test/PaymentsDb has it already [test/Two]",
  );
});

test("returns the connection from node.defaultChild", () => {
  const output = synthesizeVault((stack) => {
    (make(stack).node.defaultChild as DatabaseSecretBackendConnection).addOverride("plugin_name", "custom");
  });
  expect(output.resource("vault_database_secret_backend_connection").plugin_name).toBe("custom");
});

describe("names longer than 63 bytes", () => {
  const long = "d".repeat(57);

  test("rejects a database name whose group role PostgreSQL would truncate", () => {
    expect(() => withProps({ database: long })).toThrow(
      `the role of readers must be at most 63 bytes, got "${long}_app_ro", which has 64: PostgreSQL would cut it [test/PaymentsDb]`,
    );
    expect(() => withProps({ database: "d".repeat(56) })).not.toThrow();
  });

  test("counts bytes, not characters", () => {
    expect(() => withProps({ database: "\u00e9".repeat(28) })).not.toThrow();
    expect(() => withProps({ database: "\u00e9".repeat(29) })).toThrow("which has 65");
  });

  test("accepts a database name of 63 bytes if the group roles have other names", () => {
    const groupRoles = { "read-only": "readers", "read-write": "writers" };
    expect(() => withProps({ database: "d".repeat(63), groupRoles })).not.toThrow();
    expect(() => withProps({ database: "d".repeat(64), groupRoles })).toThrow(
      "database must be at most 63 bytes",
    );
  });

  test.each<[string, Partial<PostgresDatabaseProps>]>([
    ["adminUser", { adminUser: "a".repeat(64) }],
    ["owners[0]", { owners: ["o".repeat(64)] }],
    ["schemas[1]", { schemas: ["public", "s".repeat(64)] }],
  ])("limits %s to 63 bytes", (property, change) => {
    expect(() => withProps(change)).toThrow(`${property} must be at most 63 bytes`);
  });
});

describe("one PostgreSQL role for two purposes", () => {
  test.each<[string, Partial<PostgresDatabaseProps>, string]>([
    [
      "readers and writers",
      { groupRoles: { "read-only": "app", "read-write": "app" } },
      'readers and writers must be two roles of PostgreSQL, got "app" for both',
    ],
    [
      "Vault's user and writers",
      { adminUser: "payments_app_rw" },
      'adminUser must differ from the roles of readers and writers, got "payments_app_rw"',
    ],
    [
      "an owner and readers",
      { owners: ["payments_owner", "payments_app_ro"] },
      'owners[1] must differ from the roles of readers and writers, got "payments_app_ro"',
    ],
    [
      "a reserved name",
      { adminUser: "pg_admin" },
      'adminUser must be a name that PostgreSQL does not reserve for itself (pg_*, public, none), got "pg_admin"',
    ],
  ])("rejects the same name for %s", (_, change, message) =>
    expect(() => withProps(change)).toThrow(message),
  );
});

test("rejects a role if the group of another stack's database has a truncated name", () => {
  const role = (database: string) =>
    synthesizeVault((stack) => {
      const engine = DatabaseEngine.fromAttributes(stack, "ImportedEngine");
      return new DynamicPostgresRole(stack, "Role", {
        database: PostgresDatabase.fromAttributes(stack, "ImportedDatabase", {
          engine,
          connectionName: "payments-db",
          database,
        }),
        roleName: "payments",
      });
    });
  expect(() => role("d".repeat(57))).toThrow("the role of readers must be at most 63 bytes");
  expect(() => role("d".repeat(56))).not.toThrow();
});

test("rejects a static role of a user with a name longer than 63 bytes", () => {
  expect(() =>
    synthesizeVault((stack) => {
      const database = make(stack);
      return new StaticPostgresRole(stack, "Role", {
        database,
        roleName: "legacy",
        userName: "u".repeat(64),
      });
    }),
  ).toThrow("userName must be at most 63 bytes");
});
