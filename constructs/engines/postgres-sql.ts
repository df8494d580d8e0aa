import { checkProps, list, object, text } from "../core/field";

/**
 * SQL for PostgreSQL 14 and later. Group roles hold all privileges. Users that Vault creates have no direct
 * privileges, so Vault can drop them at any time.
 */

/** Access of the users of a group: read, or read and write (without deleting). */
export type PostgresAccess = "read-only" | "read-write";

/** Names for the SQL of `setupSql`. */
export interface PostgresSetup {
  /** Name of the database. */
  readonly database: string;
  /** Schemas that services use. */
  readonly schemas: readonly string[];
  /** Roles that create tables. The group roles get privileges on their later tables. */
  readonly owners: readonly string[];
  /** User that Vault logs in as. */
  readonly admin: string;
  /** Group roles by access. */
  readonly groups: Readonly<Record<PostgresAccess, string>>;
  /** Users with passwords that Vault rotates. */
  readonly staticUsers: readonly string[];
}

/** The printed SQL contains it, so it must be known at synthesis. */
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
/** Read-write users need USAGE to draw numbers from the sequences of serial columns. */
const SEQUENCE_PRIVILEGES = { "read-only": "SELECT", "read-write": "SELECT, USAGE" } as const;

/** Quotes and escapes a name as an SQL identifier. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Quotes and escapes a text as an SQL string. */
export function quoteLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes("\\") ? `E${quoted.replaceAll("\\", "\\\\")}` : quoted;
}

/**
 * SQL that creates a user with the privileges of its group. It has no `SET role`: a session would then keep the
 * group's privileges after its user is dropped.
 */
export function creationStatements(group: string): string[] {
  return [
    `CREATE ROLE "{{name}}" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}' INHERIT IN ROLE ${quoteIdentifier(group)};`,
  ];
}

/**
 * SQL that removes a user. It blocks new sessions, ends live sessions, reassigns the user's objects to the group, and
 * drops the user. It is one block with a check: each statement fails for a user that was already dropped, and the
 * lease would then never end. An admin that is not a superuser must be a member of a role to end its sessions and to
 * reassign its objects.
 *
 * Privileges that another user granted by hand can only be revoked by that user. Until then, PostgreSQL does not drop
 * the role. The SQL then locks the user out, because an error would undo the whole revocation.
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
 * Returns the SQL that a database administrator runs once in the database, as a superuser or as the owner of
 * everything named. It creates Vault's user and the group roles with their privileges, including those on later
 * tables. You can run it again. It contains no password: the administrator sets one, and Vault replaces it right
 * after the first login.
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
