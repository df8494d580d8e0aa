import type { Environment } from "../../../platform/schema";
import { servicesOf } from "../../../platform/service";
import { PostgresServer } from "../../support/servers/postgres";
import { type Consumer, Tried } from "./consumer";
import type { Block, StackJson } from "./stack-json";
import type { Accepted } from "./synthesis";

type Database = Environment["databases"][number];

interface Access {
  readonly role: string;
  readonly access: "read-only" | "read-write";
  readonly creation: readonly string[];
  readonly revocation: readonly string[];
}

const PASSWORD = "pr0perty-test";
/** User name as long as those that Vault generates. */
const USER = "v-kubernetes-payment-service-role-AbCdEfGhIjKlMnOpQrSt-12345678";

/** PostgreSQL: runs the administrator's SQL and Vault's creation and revocation statements in a new database. */
export class PostgresConsumer implements Consumer {
  private readonly tried = new Tried();

  static async start(): Promise<PostgresConsumer> {
    return new PostgresConsumer(await PostgresServer.start());
  }

  private constructor(private readonly server: PostgresServer) {}

  async problemsOf(definition: Accepted): Promise<readonly string[]> {
    const problems: string[] = [];
    for (const database of definition.environment.databases) {
      const sql = definition.setupSql[database.name];
      if (sql === undefined) continue;
      const users = usersOf(definition, database);
      const problem = await this.tried.once([database, sql, users], () =>
        this.problemOf(database, sql, users),
      );
      if (problem) problems.push(`database ${database.name}: ${problem}`);
    }
    return problems;
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }

  private async problemOf(
    { database, schemas, owner, adminUser }: Database,
    sql: string,
    users: readonly Access[],
  ): Promise<string | undefined> {
    const before = await this.roles();
    try {
      await this.asSuperuser(
        "postgres",
        `CREATE ROLE "${owner}" NOLOGIN`,
        `CREATE DATABASE "${database}" OWNER "${owner}"`,
      );
      await this.asSuperuser(
        database,
        ...schemas
          .filter((it) => it !== "public")
          .map((it) => `CREATE SCHEMA "${it}" AUTHORIZATION "${owner}"`),
        ...schemas.map((it) => `CREATE TABLE "${it}".before (id serial, note text)`),
        ...schemas.map((it) => `ALTER TABLE "${it}".before OWNER TO "${owner}"`),
        sql,
        `ALTER ROLE "${adminUser}" PASSWORD '${PASSWORD}'`,
        `SET ROLE "${owner}"`,
        ...schemas
          .filter((it) => it !== "public")
          .map((it) => `CREATE TABLE "${it}".later (id serial, note text)`),
      );
      for (const user of users) await this.requireAccess(database, schemas, adminUser, user);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    } finally {
      await this.drop(database, before);
    }
  }

  private async requireAccess(
    database: string,
    schemas: readonly string[],
    adminUser: string,
    { role, access, creation, revocation }: Access,
  ): Promise<void> {
    const admin = { user: adminUser, password: PASSWORD, database };
    const filled = (statement: string) =>
      statement
        .replaceAll("{{name}}", USER)
        .replaceAll("{{password}}", PASSWORD)
        .replaceAll("{{expiration}}", "2999-01-01 00:00:00+0000");
    await this.server.query(admin, ...creation.map(filled));
    const user = { user: USER, password: PASSWORD, database };
    for (const schema of schemas) {
      for (const table of schema === "public" ? ["before"] : ["before", "later"]) {
        const at = `"${schema}".${table}`;
        await this.server.query(user, `SELECT * FROM ${at}`);
        const writes = [`INSERT INTO ${at} (note) VALUES ('x')`, `UPDATE ${at} SET note = 'y'`];
        const never = [
          `DELETE FROM ${at}`,
          `TRUNCATE ${at}`,
          `DROP TABLE ${at}`,
          `CREATE TABLE "${schema}".mine (id int)`,
        ];
        if (access === "read-write") await this.server.query(user, ...writes);
        for (const statement of [...(access === "read-only" ? writes : []), ...never]) {
          const refused = await this.server.query(user, statement).then(
            () => false,
            (error: Error) => /permission denied|must be owner/.test(error.message),
          );
          if (!refused) throw new Error(`the ${access} user of ${role} may: ${statement}`);
        }
      }
    }
    await this.server.query(admin, ...revocation.map(filled));
    if ((await this.roles()).includes(USER))
      throw new Error(`the user of ${role} is still there after its lease`);
  }

  private async roles(): Promise<string[]> {
    const rows = await this.server.query(this.server.superuser("postgres"), "SELECT rolname FROM pg_roles");
    return rows.map(({ rolname }) => String(rolname));
  }

  private async asSuperuser(database: string, ...statements: string[]): Promise<void> {
    await this.server.query(this.server.superuser(database), ...statements);
  }

  private async drop(database: string, before: readonly string[]): Promise<void> {
    await this.asSuperuser("postgres", `DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
    const made = (await this.roles()).filter((role) => !before.includes(role));
    await this.asSuperuser("postgres", ...made.map((role) => `DROP ROLE "${role}"`));
  }
}

/** Vault's statements for the services that use a database. */
function usersOf({ environment, stacks }: Accepted, database: Database): Access[] {
  const roles = Object.values(stacks).flatMap(databaseRoles);
  return servicesOf(environment)
    .flatMap(({ databases }) => databases)
    .filter(({ name }) => name === database.name)
    .map(({ roleName: role, definition }) => {
      const found = roles.find((it) => it.name === role)!;
      return {
        role,
        access: definition.access,
        creation: found.creation_statements as string[],
        revocation: found.revocation_statements as string[],
      };
    });
}

function databaseRoles(stack: StackJson): Block[] {
  return Object.values(stack.resource?.vault_database_secret_backend_role ?? {});
}
