import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { quoteIdentifier, quoteLiteral, setupSql } from "../constructs/engines/postgres-sql";
import type { Environment } from "../platform/schema";
import { places } from "./places";
import { environment } from "./platform";
import { SUPERUSER, withDatabase } from "./postgres";

type Database = Environment["databases"][number];

/** Vault's database user. */
const ADMIN = "vault_admin";

/** File with the initial password of Vault's user, which Vault replaces. It exists once the database exists. */
function initialPasswordFile({ name }: Database): string {
  return join(places.run, "postgres", `${name}.initial-password`);
}

/** Prefix of the names of a database's Terraform variables. */
export function variablePrefix({ name }: Database): string {
  return name.replace(/[^a-z0-9]/g, "_");
}

/** Files with the initial passwords, by the Terraform variables that the first deploy needs. */
export function initialPasswordFiles(): Record<string, string> {
  return Object.fromEntries(
    environment.databases.map((database) => [
      `TF_VAR_${variablePrefix(database)}_initial_password`,
      initialPasswordFile(database),
    ]),
  );
}

/** Terraform variables that the first deploy needs to create the databases' connections. */
export function initialPasswords(): Record<string, string> {
  const files = Object.entries(initialPasswordFiles());
  return Object.fromEntries(files.map(([name, file]) => [name, readFileSync(file, "utf8")]));
}

/**
 * Does the work of a database administrator before the first deploy. It creates the environment's databases, each with
 * an owner, schemas and tables, and runs the SQL that lets Vault administer them.
 */
export async function makeDatabases(port: number): Promise<void> {
  for (const database of environment.databases) {
    if (existsSync(initialPasswordFile(database))) continue;
    const password = randomBytes(24).toString("base64url");
    await withDatabase({ port, database: SUPERUSER }, (client) => createDatabase(client, database));
    await withDatabase({ port, database: database.database }, async (client) => {
      for (const schema of database.schemas) await createTables(client, schema, database.owner);
      await client.query(
        setupSql({
          database: database.database,
          schemas: database.schemas,
          owners: [database.owner],
          admin: ADMIN,
          groups: {
            "read-only": `${database.database}_app_ro`,
            "read-write": `${database.database}_app_rw`,
          },
          staticUsers: [],
        }),
      );
      await client.query(`ALTER ROLE ${quoteIdentifier(ADMIN)} PASSWORD ${quoteLiteral(password)}`);
    });
    writeFileSync(initialPasswordFile(database), password, { mode: 0o600 });
  }
}

/** Replaces a database of an interrupted run, which contains no data. */
async function createDatabase(client: Client, { database, owner }: Database): Promise<void> {
  await client.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(database)}`);
  const roles = await client.query("SELECT FROM pg_roles WHERE rolname = $1", [owner]);
  if (roles.rowCount === 0) await client.query(`CREATE ROLE ${quoteIdentifier(owner)} NOLOGIN`);
  await client.query(`CREATE DATABASE ${quoteIdentifier(database)} OWNER ${quoteIdentifier(owner)}`);
}

/** Creates a table with a serial column. Users also need privileges on its sequence. */
async function createTables(client: Client, schema: string, owner: string): Promise<void> {
  const [schemaName, ownerName] = [schema, owner].map(quoteIdentifier);
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${schemaName}`);
  await client.query(`ALTER SCHEMA ${schemaName} OWNER TO ${ownerName}`);
  await client.query(`SET ROLE ${ownerName}`);
  await client.query(
    `CREATE TABLE ${schemaName}.payments (id serial PRIMARY KEY, reference text NOT NULL, cents bigint NOT NULL)`,
  );
  await client.query("RESET ROLE");
}
