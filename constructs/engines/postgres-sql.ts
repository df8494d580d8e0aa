import { checkProps, list, object, text } from "../core/field";

/**
 * SQL for PostgreSQL 14 and later. Group roles hold all privileges, so that a user that Vault makes has none of its
 * own and can be dropped at any time.
 */

/** What the users of a group may do: read, or read and write (without deleting). */
export type PostgresAccess = "read-only" | "read-write";

export interface PostgresSetup {
  readonly database: string;
  readonly schemas: readonly string[];
  /** Roles that make tables, for the privileges on tables that are made later. */
  readonly owners: readonly string[];
  /** The user that Vault logs in as. */
  readonly admin: string;
  readonly groups: Readonly<Record<PostgresAccess, string>>;
  /** Users whose passwords Vault rotates. */
  readonly staticUsers: readonly string[];
}

/** What is run is printed, so it must be known. */
const NAME = text.known();
const NAMES = list(NAME).known();

const SETUP = object<PostgresSetup>(() => ({
  database: NAME,
  schemas: NAMES,
  owners: NAMES,
  admin: NAME,
  groups: object<PostgresSetup["groups"]>(() => ({ "read-only": NAME, "read-write": NAME })),
  staticUsers: NAMES,
}));

const TABLE_PRIVILEGES = { "read-only": "SELECT", "read-write": "SELECT, INSERT, UPDATE" } as const;
/** A read-write user draws numbers from the sequences of serial columns. */
const SEQUENCE_PRIVILEGES = { "read-only": "SELECT", "read-write": "SELECT, USAGE" } as const;

/** A name in double quotes, whatever is in it. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text in single quotes, whatever is in it. */
export function quoteLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes("\\") ? `E${quoted.replaceAll("\\", "\\\\")}` : quoted;
}

/**
 * Makes a user that has what its group has. There is no `SET role`, by which a session would keep the group's
 * privileges after its own user is dropped.
 */
export function creationStatements(group: string): string[] {
  return [
    `CREATE ROLE "{{name}}" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}' INHERIT IN ROLE ${quoteIdentifier(group)};`,
  ];
}

/**
 * Ends a user: no new session, no live one, what it made goes to the group, and then the user itself. One block,
 * because each of these fails for a user that somebody dropped already, and the lease would then never end.
 * An admin that is no superuser must be a member of a role to end its sessions and to reassign what it owns.
 *
 * What somebody else granted the user by hand only they can take back, and until then PostgreSQL does not drop it. Such
 * a user is locked out all the same, instead of the whole revocation being undone.
 */
export function revocationStatements(group: string): string[] {
  return [
    [
      "DO $$",
      "BEGIN",
      "  IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '{{name}}') THEN",
      '    ALTER ROLE "{{name}}" NOLOGIN;',
      '    GRANT "{{name}}" TO CURRENT_USER;',
      "    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{{name}}';",
      `    REASSIGN OWNED BY "{{name}}" TO ${quoteIdentifier(group)};`,
      '    DROP OWNED BY "{{name}}";',
      "    BEGIN",
      '      DROP ROLE "{{name}}";',
      "    EXCEPTION WHEN dependent_objects_still_exist THEN",
      `      REVOKE ${quoteIdentifier(group)} FROM "{{name}}";`,
      "      RAISE WARNING 'role % is locked out and not dropped, because it was granted something by hand', '{{name}}';",
      "    END;",
      "  END IF;",
      "END",
      "$$;",
    ].join("\n"),
  ];
}

/**
 * What a database administrator runs once in the database, as a superuser or the owner of everything named: the group
 * roles with their privileges, also on tables that are made later, and Vault's own user. It can be run again, and holds
 * no password: the administrator sets one that Vault replaces right after it has logged in.
 */
export function setupSql(setup: PostgresSetup): string {
  checkProps("setupSql", SETUP, setup);
  const { database, schemas, owners, groups, staticUsers } = setup;
  const admin = quoteIdentifier(setup.admin);
  const levels = Object.entries(groups) as [PostgresAccess, string][];
  const lines = [
    ...levels.flatMap(([, group]) => createUnlessExists(group, "NOLOGIN")),
    ...createUnlessExists(setup.admin, "LOGIN CREATEROLE"),
    ...levels.flatMap(([access, name]) => {
      const group = quoteIdentifier(name);
      const tables = TABLE_PRIVILEGES[access];
      const sequences = SEQUENCE_PRIVILEGES[access];
      return [
        `GRANT CONNECT ON DATABASE ${quoteIdentifier(database)} TO ${group};`,
        ...schemas.flatMap((schemaName) => {
          const schema = quoteIdentifier(schemaName);
          return [
            `GRANT USAGE ON SCHEMA ${schema} TO ${group};`,
            `GRANT ${tables} ON ALL TABLES IN SCHEMA ${schema} TO ${group};`,
            `GRANT ${sequences} ON ALL SEQUENCES IN SCHEMA ${schema} TO ${group};`,
            ...owners.flatMap((owner) => {
              const later = `ALTER DEFAULT PRIVILEGES FOR ROLE ${quoteIdentifier(owner)} IN SCHEMA ${schema}`;
              return [
                `${later} GRANT ${tables} ON TABLES TO ${group};`,
                `${later} GRANT ${sequences} ON SEQUENCES TO ${group};`,
              ];
            }),
          ];
        }),
        `GRANT ${group} TO ${admin} WITH ADMIN OPTION;`,
      ];
    }),
    `GRANT CONNECT ON DATABASE ${quoteIdentifier(database)} TO ${admin};`,
    ...staticUsers.map((user) => `GRANT ${quoteIdentifier(user)} TO ${admin} WITH ADMIN OPTION;`),
  ];
  return `${lines.join("\n")}\n`;
}

function createUnlessExists(name: string, attributes: string): string[] {
  return [
    "DO $$",
    "BEGIN",
    `  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ${quoteLiteral(name)}) THEN`,
    `    CREATE ROLE ${quoteIdentifier(name)} ${attributes};`,
    "  END IF;",
    "END",
    "$$;",
  ];
}
