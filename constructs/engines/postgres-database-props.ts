import { type Fields, list, object, oneOf, text, whole } from "../core/field";
import { importable, importExistingFields, type ImportExistingProps } from "../core/import-existing";
import type { IDatabaseEngine } from "./database-engine";
import { databaseEngine, groupRoles } from "./fields";
import type { PostgresAccess } from "./postgres-sql";

/** Names of PostgreSQL roles that follow from the database's own. */
export interface GroupRoles {
  /** Name of the database in PostgreSQL. */
  readonly database: string;
  /** Roles of PostgreSQL that hold the privileges. @default - <database>_app_ro and <database>_app_rw */
  readonly groupRoles?: Readonly<Record<PostgresAccess, string>>;
}

const GROUP_ROLES: Fields<GroupRoles> = {
  // What a database administrator runs is printed, so it must be known.
  database: text.known(),
  groupRoles: groupRoles.optional(),
};

export interface PostgresDatabaseAttributes extends GroupRoles {
  readonly engine: IDatabaseEngine;
  readonly connectionName: string;
}

export interface PostgresDatabaseProps extends GroupRoles, ImportExistingProps {
  readonly engine: IDatabaseEngine;
  /** Name of the connection in Vault, such as `payments-db`. */
  readonly connectionName: string;
  /** Name or address of the server; its certificate must be for it. */
  readonly host: string;
  /** @default 5432 */
  readonly port?: number;
  /** Schemas that services use. @default - public */
  readonly schemas?: readonly string[];
  /** Roles that make tables, for the privileges on tables that are made later. */
  readonly owners: readonly string[];
  /** User that Vault logs in as, and that nobody else uses. @default vault_admin */
  readonly adminUser?: string;
  /**
   * The first password of the admin user, as a reference to an ephemeral value. Vault replaces it at once.
   * @default - the Terraform variable <connectionName>_initial_password, with _ for other signs
   */
  readonly initialPassword?: string;
  /** Raise it when Vault has lost the password and was given another; that one is replaced as well. @default 1 */
  readonly initialPasswordVersion?: number;
  /** Certificates (PEM) that sign the server's. @default - those of Vault's system */
  readonly caCertificate?: string;
  /**
   * Admits a connection whose server is not verified: `require` encrypts for any server that answers, `verify-ca` admits any
   * server of the CA, `disable` sends everything in the clear.
   * @default - verify-full
   */
  readonly unsafeSslMode?: "disable" | "require" | "verify-ca";
  /**
   * Roles of Vault that may use the connection; `*` at an end stands for any rest.
   * @default - the roles that this program makes
   */
  readonly allowedRoles?: readonly string[];
  /** Connections that Vault keeps at most. @default - 4 */
  readonly maxOpenConnections?: number;
}

export const ATTRIBUTES = object<PostgresDatabaseAttributes>(() => ({
  ...GROUP_ROLES,
  engine: databaseEngine,
  connectionName: text,
}));

export const PROPS = importable<PostgresDatabaseProps, "host" | "database" | "owners">(
  () => ({
    ...importExistingFields,
    ...GROUP_ROLES,
    engine: databaseEngine,
    connectionName: text,
    host: text,
    port: whole(1, 65535).optional(),
    schemas: list(text.known(), 1).known().optional(),
    owners: list(text.known(), 1).known(),
    adminUser: text.known().optional(),
    initialPassword: text.optional(),
    initialPasswordVersion: whole(1).optional(),
    caCertificate: text.optional(),
    unsafeSslMode: oneOf("disable", "require", "verify-ca").optional(),
    allowedRoles: list(text).optional(),
    maxOpenConnections: whole(1).optional(),
  }),
  "host",
  "database",
  "owners",
);
