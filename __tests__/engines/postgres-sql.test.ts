import type { Client } from "pg";
import {
  creationStatements,
  type PostgresSetup,
  quoteIdentifier,
  quoteLiteral,
  revocationStatements,
  setupSql,
} from "../../constructs/engines/postgres-sql";
import { describeWithPrograms } from "../support/needs";
import { PostgresServer } from "../support/servers/postgres";
import { until } from "../support/servers/processes";

const setup: PostgresSetup = {
  database: "payments",
  schemas: ["public", 'led"ger'],
  owners: ["payments_owner"],
  admin: "vault_admin",
  groups: { "read-only": "payments_app_ro", "read-write": "payments_app_rw" },
  staticUsers: ["legacy_report"],
};

test.each([
  ["plain", '"plain"'],
  ['a"b', '"a""b"'],
  ['"; DROP TABLE x; --', '"""; DROP TABLE x; --"'],
])("quotes the identifier %s", (name, quoted) => {
  expect(quoteIdentifier(name)).toBe(quoted);
});

test.each([
  ["plain", "'plain'"],
  ["o'hara", "'o''hara'"],
  ["back\\slash'", "E'back\\\\slash'''"],
])("quotes the text %s", (text, quoted) => {
  expect(quoteLiteral(text)).toBe(quoted);
});

test("makes a user a member of its group without privileges or settings", () => {
  expect(creationStatements("payments_app_rw")).toEqual([
    `CREATE ROLE "{{name}}" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}' INHERIT IN ROLE "payments_app_rw";`,
  ]);
});

test("writes no password into the setup", () => {
  expect(setupSql(setup)).not.toMatch(/password/i);
});

describeWithPrograms("postgres", "initdb")("on a real PostgreSQL", () => {
  let server: PostgresServer;
  const admin = { user: "vault_admin", password: "rotated" };
  const owner = { user: "payments_owner", password: "owner" };

  beforeAll(async () => {
    server = await PostgresServer.start();
    await server.query(
      server.superuser("postgres"),
      "CREATE ROLE payments_owner LOGIN PASSWORD 'owner'",
      "CREATE ROLE legacy_report LOGIN PASSWORD 'old'",
      "CREATE DATABASE payments OWNER payments_owner",
    );
    await server.query(
      server.superuser("payments"),
      "GRANT CREATE ON SCHEMA public TO payments_owner",
      'CREATE SCHEMA "led""ger" AUTHORIZATION payments_owner',
    );
    await server.query(
      owner,
      "CREATE TABLE public.payments (id serial PRIMARY KEY, amount int)",
      'CREATE TABLE "led""ger".entries (id serial PRIMARY KEY, note text)',
    );
    // The SQL runs twice, because it must be repeatable.
    await server.query(server.superuser("payments"), setupSql(setup), setupSql(setup));
    await server.query(server.superuser("payments"), "ALTER ROLE vault_admin PASSWORD 'rotated'");
  }, 30_000);

  afterAll(() => server.stop());

  /** Replaces the templates and runs all statements in one transaction, like Vault's plugin. */
  async function run(statements: readonly string[], name: string): Promise<void> {
    const filled = statements.map((sql) =>
      sql
        .replaceAll("{{name}}", name)
        .replaceAll("{{password}}", "secret")
        .replaceAll("{{expiration}}", "2999-01-01"),
    );
    await server.query(admin, "BEGIN", ...filled, "COMMIT");
  }

  async function withUser(
    group: string,
    work: (session: Client, name: string) => Promise<void>,
  ): Promise<void> {
    const name = `v-kubernet-payment--${Math.random().toString(36).slice(2)}-1790000000`;
    await run(creationStatements(group), name);
    const session = await server.connect({ user: name, password: "secret" });
    try {
      await work(session, name);
    } finally {
      await session.end().catch(() => {});
      await run(revocationStatements(group), name);
    }
    await expect(server.connect({ user: name, password: "secret" })).rejects.toThrow(/authentication failed/);
    expect(await server.query(admin, `SELECT 1 FROM pg_roles WHERE rolname = '${name}'`)).toEqual([]);
  }

  test("creates Vault's admin without superuser, database creation and replication", async () => {
    const [role] = await server.query(admin, "SELECT * FROM pg_roles WHERE rolname = 'vault_admin'");
    expect(role).toMatchObject({
      rolsuper: false,
      rolcreatedb: false,
      rolreplication: false,
      rolcreaterole: true,
    });
  });

  test("lets a read-write user insert, update and read in all schemas, including serial columns", async () => {
    await withUser("payments_app_rw", async (session) => {
      await session.query("INSERT INTO payments (amount) VALUES (1)");
      await session.query(`INSERT INTO "led""ger".entries (note) VALUES ('a')`);
      await session.query("UPDATE payments SET amount = 2");
      expect((await session.query("SELECT amount FROM payments")).rows).toContainEqual({ amount: 2 });
    });
  });

  test("denies a read-write user to delete, truncate and create tables", async () => {
    await withUser("payments_app_rw", async (session) => {
      await expect(session.query("DELETE FROM payments")).rejects.toThrow(/permission denied/);
      await expect(session.query("TRUNCATE payments")).rejects.toThrow(/permission denied/);
      await expect(session.query("CREATE TABLE public.mine (a int)")).rejects.toThrow(/permission denied/);
    });
  });

  test("lets a read-only user read all schemas and denies writes", async () => {
    await withUser("payments_app_ro", async (session) => {
      await session.query(`SELECT * FROM "led""ger".entries`);
      await expect(session.query("INSERT INTO payments (amount) VALUES (1)")).rejects.toThrow(
        /permission denied/,
      );
      await expect(session.query("SELECT nextval('payments_id_seq')")).rejects.toThrow(/permission denied/);
    });
  });

  test("covers tables that are created later, including serial columns", async () => {
    await server.query(owner, 'CREATE TABLE "led""ger".later (id serial PRIMARY KEY, a int)');
    await withUser("payments_app_rw", async (session) => {
      await session.query(`INSERT INTO "led""ger".later (a) VALUES (1)`);
    });
    await withUser("payments_app_ro", async (session) => {
      expect((await session.query(`SELECT a FROM "led""ger".later`)).rows).toEqual([{ a: 1 }]);
    });
  });

  test("ends live sessions at revocation, and a second revocation changes nothing", async () => {
    await run(creationStatements("payments_app_rw"), "live");
    const [idle, busy] = await Promise.all(
      [1, 2].map(() => server.connect({ user: "live", password: "secret" })),
    );
    await busy.query("BEGIN");
    await busy.query("INSERT INTO payments (amount) VALUES (77)");
    await run(revocationStatements("payments_app_rw"), "live");
    await expect(idle.query("SELECT 1")).rejects.toThrow();
    await expect(busy.query("COMMIT")).rejects.toThrow();
    expect(await server.query(owner, "SELECT 1 FROM payments WHERE amount = 77")).toEqual([]);
    await run(revocationStatements("payments_app_rw"), "live");
  });

  test("reassigns a user's objects to the group before it drops the user", async () => {
    await server.query(
      owner,
      "CREATE SCHEMA scratch",
      "GRANT USAGE, CREATE ON SCHEMA scratch TO payments_app_rw",
    );
    await withUser("payments_app_rw", async (session) => {
      await session.query("CREATE TABLE scratch.made (a int)");
    });
    expect(await server.query(owner, "SELECT tableowner FROM pg_tables WHERE tablename = 'made'")).toEqual([
      { tableowner: "payments_app_rw" },
    ]);
  });

  test("locks out a user with manual grants and logs that it was not dropped", async () => {
    await server.query(owner, "CREATE TABLE public.extra (a int)");
    await run(creationStatements("payments_app_ro"), "favoured");
    const session = await server.connect({ user: "favoured", password: "secret" });
    await server.query(owner, "GRANT SELECT ON extra TO favoured");
    await run(revocationStatements("payments_app_ro"), "favoured");
    await expect(session.query("SELECT 1")).rejects.toThrow();
    await expect(server.connect({ user: "favoured", password: "secret" })).rejects.toThrow(
      /not permitted to log in/,
    );
    expect(
      await server.query(admin, "SELECT pg_has_role('favoured', 'payments_app_ro', 'MEMBER') AS member"),
    ).toEqual([{ member: false }]);
    await until(async () => expect(server.log).toContain("role favoured is locked out and not dropped"));
  });

  test("lets Vault's admin set the password of a static user", async () => {
    const current = "SELECT current_user AS name";
    const known = [{ name: "legacy_report" }];
    expect(await server.query({ user: "legacy_report", password: "old" }, current)).toEqual(known);
    await server.query(admin, "ALTER ROLE legacy_report PASSWORD 'new'");
    expect(await server.query({ user: "legacy_report", password: "new" }, current)).toEqual(known);
    await expect(server.connect({ user: "legacy_report", password: "old" })).rejects.toThrow(
      /authentication failed/,
    );
  });
});
