import { type Fields, list, object, oneOf, text, whole } from "../core/field";
import { importable, importExistingFields, type ImportExistingProps } from "../core/import-existing";
import type { IDatabaseEngine } from "./database-engine";
import { databaseEngine, groupRoles } from "./fields";
import type { PostgresAccess } from "./postgres-sql";

/** Name of a database, and names of the PostgreSQL roles for its users. */
export interface GroupRoles {
  /** Name of the database in PostgreSQL. */
  readonly database: string;
  /** PostgreSQL roles that hold the privileges. @default - <database>_app_ro and <database>_app_rw */
  readonly groupRoles?: Readonly<Record<PostgresAccess, string>>;
}

const GROUP_ROLES: Fields<GroupRoles> = {
  // Printed SQL for a database administrator contains it, so it must be known at synthesis.
  database: text.known(),
  groupRoles: groupRoles.optional(),
};

/** Attributes of a PostgreSQL database with a connection that another stack creates. */
export interface PostgresDatabaseAttributes extends GroupRoles {
  /** Database secrets engine of the connection. */
  readonly engine: IDatabaseEngine;
  /** Name of the connection in Vault. */
  readonly connectionName: string;
}

/** Server, users and TLS settings of a `PostgresDatabase`. */
export interface PostgresDatabaseProps extends GroupRoles, ImportExistingProps {
  /** Database secrets engine of the connection. */
  readonly engine: IDatabaseEngine;
  /** Name of the connection in Vault, such as `payments-db`. */
  readonly connectionName: string;
  /** Name or address of the server. The server's certificate must contain it. */
  readonly host: string;
  /** Port of the server. @default 5432 */
  readonly port?: number;
  /** Schemas that services use. @default - public */
  readonly schemas?: readonly string[];
  /** Roles that create tables. The group roles get privileges on their later tables. */
  readonly owners: readonly string[];
  /** User that Vault logs in as. Use it for nothing else. @default vault_admin */
  readonly adminUser?: string;
  /**
   * First password of the admin user, as a token for an ephemeral value. Vault replaces it at once.
   * @default - the Terraform variable <connectionName>_initial_password, with _ for other characters
   */
  readonly initialPassword?: string;
  /**
   * Version of the first password. Raise it if Vault lost the password and you set a new one. Vault replaces the new
   * one too.
   * @default 1
   */
  readonly initialPasswordVersion?: number;
  /** CA certificates (PEM) that sign the server's certificate. @default - the CAs of Vault's system */
  readonly caCertificate?: string;
  /**
   * Allows a connection to an unverified server. `require` encrypts, but accepts any server. `verify-ca` accepts any
   * server of the CA. `disable` sends everything unencrypted.
   * @default - verify-full
   */
  readonly unsafeSslMode?: "disable" | "require" | "verify-ca";
  /**
   * Vault roles that may use the connection. `*` at the end stands for any rest.
   * @default - the roles that this app creates
   */
  readonly allowedRoles?: readonly string[];
  /** Maximum number of connections that Vault keeps open. @default 4 */
  readonly maxOpenConnections?: number;
}

/** Field for the attributes of a PostgreSQL database. */
export const ATTRIBUTES = object<PostgresDatabaseAttributes>(() => ({
  ...GROUP_ROLES,
  engine: databaseEngine,
  connectionName: text,
}));

/** Field for the props of a PostgreSQL database. */
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
