import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { Client } from "pg";
import { caFile, certificateFiles } from "../../local/certificates";
import { initialPasswords } from "../../local/databases";
import { withDatabase } from "../../local/postgres";
import { expectAudited } from "./audit-trail";
import { type Session, database, logInAsService, logInAsTerraform, ports } from "./support";
import { terraform, testWithState } from "./terraform";

/** PostgreSQL error codes. */
const FORBIDDEN = { code: "42501" };
const WRONG_PASSWORD = { code: "28P01" };
const ENDED_BY_ADMINISTRATOR = { code: "57P01" };

const ADMIN = "vault_admin";
const { schemas } = database;
/** Table name for this run, so that leftovers of an interrupted run do not conflict with it. */
const later = `later_${randomUUID().slice(0, 8)}`;

interface Credentials {
  readonly user: string;
  readonly password: string;
  readonly lease: string;
}

let pod: Session;
let operator: Session;
let credentials: Credentials;

beforeAll(async () => {
  pod = await logInAsService();
  operator = await logInAsTerraform();
  credentials = await takeCredentials();
  // Created after the user: access must include later tables.
  await asSuperuser(async (client) => {
    await client.query(`SET ROLE ${database.owner}`);
    for (const schema of schemas) {
      await client.query(
        `CREATE TABLE ${schema}.${later} (id serial PRIMARY KEY, reference text, cents bigint)`,
      );
    }
  });
});
afterAll(async () => {
  await asSuperuser(async (client) => {
    for (const schema of schemas) await client.query(`DROP TABLE IF EXISTS ${schema}.${later}`);
  });
  await pod.end();
});

async function takeCredentials(): Promise<Credentials> {
  const answer = await pod.request("GET", "database/creds/payment-service-role");
  const { username: user, password } = answer.data;
  return { user, password, lease: answer.lease_id };
}

function asSuperuser<T>(work: (client: Client) => Promise<T>): Promise<T> {
  return withDatabase({ port: ports.postgres, database: database.database }, work);
}

/** Connects like a service: over TLS, with verification of the server's certificate. */
function connected<T>(
  { user, password }: Pick<Credentials, "user" | "password">,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  return withDatabase({ port: ports.postgres, database: database.database, user, password }, work);
}

test("issues credentials for an hour, and for at most a day with renewals", async () => {
  const answer = await pod.request("GET", "database/creds/payment-service-role");
  expect(answer).toMatchObject({ lease_duration: 3600, renewable: true });
  const { data } = await operator.request("GET", "database/roles/payment-service-role");
  expect(data).toMatchObject({ default_ttl: 3600, max_ttl: 86400 });
});

test("encrypts the session, and refuses plaintext and another CA", async () => {
  const session = await connected(credentials, (client) =>
    client.query("SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"),
  );
  expect(session.rows).toEqual([{ ssl: true, version: "TLSv1.3" }]);

  const { user, password } = credentials;
  const login = { host: "localhost", port: ports.postgres, database: database.database, user, password };
  await expect(new Client(login).connect()).rejects.toThrow(/no pg_hba.conf entry .* no encryption/);
  const otherCa = readFileSync(certificateFiles("vault").cert);
  await expect(new Client({ ...login, ssl: { ca: otherCa } }).connect()).rejects.toThrow(/verify|issuer/);
});

test("verifies the server's certificate and name in Vault's connection", async () => {
  const { data } = await operator.request("GET", "database/config/payments-db");
  expect(data.connection_details.connection_url).toMatch(/@localhost:\d+\/payments\?sslmode=verify-full$/);
  expect(data.connection_details.tls_ca.trim()).toBe(readFileSync(caFile, "utf8").trim());
});

describe.each(schemas)("in the schema %s", (schema) => {
  describe.each([
    ["a table that was there before", "payments"],
    ["a table that was made after the user", later],
  ])("%s", (_which, table) => {
    const name = `${schema}.${table}`;

    test("allows inserts with the sequence's numbers, selects and updates", async () => {
      await connected(credentials, async (client) => {
        const insert = `INSERT INTO ${name} (reference, cents) VALUES ($1, 100) RETURNING id`;
        const first = await client.query(insert, ["first"]);
        const second = await client.query(insert, ["second"]);
        expect(second.rows[0].id).toBe(first.rows[0].id + 1);
        await client.query(`UPDATE ${name} SET cents = 200 WHERE id = $1`, [first.rows[0].id]);
        const { rows } = await client.query(`SELECT reference, cents FROM ${name} WHERE id = $1`, [
          first.rows[0].id,
        ]);
        expect(rows).toEqual([{ reference: "first", cents: "200" }]);
      });
    });

    test.each([
      `DELETE FROM ${name}`,
      `TRUNCATE ${name}`,
      `ALTER TABLE ${name} ADD COLUMN more text`,
      `CREATE INDEX ON ${name} (cents)`,
      `DROP TABLE ${name}`,
      `CREATE TRIGGER t BEFORE INSERT ON ${name} EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
      `SELECT setval(pg_get_serial_sequence('${name}', 'id'), 1)`,
    ])("denies %s", async (sql) => {
      await expect(connected(credentials, (client) => client.query(sql))).rejects.toMatchObject(FORBIDDEN);
    });
  });

  test("denies new tables", async () => {
    await expect(
      connected(credentials, (client) => client.query(`CREATE TABLE ${schema}.own (id int)`)),
    ).rejects.toMatchObject(FORBIDDEN);
  });
});

test.each([
  "CREATE SCHEMA own",
  "CREATE ROLE other LOGIN",
  "CREATE DATABASE other",
  `SET ROLE ${database.owner}`,
  `SET ROLE ${ADMIN}`,
  `ALTER ROLE ${ADMIN} PASSWORD 'known'`,
  "SELECT rolpassword FROM pg_authid",
])("denies the user %s", async (sql) => {
  await expect(connected(credentials, (client) => client.query(sql))).rejects.toMatchObject(FORBIDDEN);
});

test("ends the live session and drops the user when the lease is revoked", async () => {
  const own = await takeCredentials();
  const users = () =>
    asSuperuser(async (client) => {
      const { rowCount } = await client.query("SELECT FROM pg_roles WHERE rolname = $1", [own.user]);
      return rowCount;
    });
  await connected(own, async (client) => {
    client.on("error", () => undefined);
    expect(await users()).toBe(1);
    const asleep = expect(client.query("SELECT pg_sleep(60)")).rejects.toMatchObject(ENDED_BY_ADMINISTRATOR);
    await operator.request("POST", "sys/leases/revoke", { lease_id: own.lease, sync: true });
    await asleep;
  });
  expect(await users()).toBe(0);
  await expect(connected(own, (client) => client.query("SELECT 1"))).rejects.toMatchObject(WRONG_PASSWORD);
  // Other sessions are not affected.
  await connected(credentials, (client) => client.query("SELECT 1"));
});

test("ends the credentials when the pod revokes its login", async () => {
  const other = await logInAsService();
  const answer = await other.request("GET", "database/creds/payment-service-role");
  const { username: user, password } = answer.data;
  await connected({ user, password }, (client) => client.query("SELECT 1"));
  await other.end();
  await expect(connected({ user, password }, (client) => client.query("SELECT 1"))).rejects.toMatchObject(
    WRONG_PASSWORD,
  );
});

test("rejects the initial password", async () => {
  await expectInitialPasswordRefused();
});

testWithState("local-config")(
  "changes nothing in a second apply, and still rejects the initial password",
  async () => {
    const { code, stdout, stderr } = await terraform(
      "local-config",
      ...["apply", "-input=false", "-auto-approve", "-no-color"],
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/Apply complete! Resources: 0 added, 0 changed, 0 destroyed\./);
    await connected(await takeCredentials(), (client) => client.query("SELECT 1"));
    await expectInitialPasswordRefused();
  },
);

async function expectInitialPasswordRefused(): Promise<void> {
  const [password] = Object.values(initialPasswords());
  expect(password).not.toBe("");
  await expect(
    connected({ user: ADMIN, password }, (client) => client.query("SELECT 1")),
  ).rejects.toMatchObject(WRONG_PASSWORD);
}

test("records the requests in both audit devices, without the password", async () => {
  const own = await takeCredentials();
  await expectAudited({ password: own.password, user: own.user });
});
