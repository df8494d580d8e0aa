import {
  DatabaseSecretBackendConnection,
  type DatabaseSecretBackendConnectionPostgresql,
} from "@cdktf/provider-vault/lib/database-secret-backend-connection";
import { GenericEndpoint } from "@cdktf/provider-vault/lib/generic-endpoint";
import { Lazy, Token } from "cdktf";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { requireVaultName } from "../auth/policy";
import { certificatesOf } from "../core/certificate-bundle";
import { EphemeralVariable } from "../core/ephemeral-variable";
import { checkArguments, checkProps, text } from "../core/field";
import { parseProperty } from "../core/format-error";
import { Host } from "../core/host";
import { importResource, type Importable, requireStated, unlessImported } from "../core/import-existing";
import { literal } from "../core/literal";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { claimName } from "../core/vault-names";
import { requireSameNamespace } from "../core/vault-scope";
import type { IDatabaseEngine } from "./database-engine";
import { postgresAccess } from "./fields";
import {
  ATTRIBUTES,
  type GroupRoles,
  PROPS,
  type PostgresDatabaseAttributes,
  type PostgresDatabaseProps,
} from "./postgres-database-props";
import { requireGroupRoles, requirePostgresName, requirePostgresRole } from "./postgres-names";
import { type PostgresAccess, setupSql } from "./postgres-sql";

/** A PostgreSQL database that Vault administers, created or referenced by this app. */
export interface IPostgresDatabase {
  /** Name of the connection in Vault. */
  readonly connectionName: string;
  /** Name as a token, so that Terraform creates roles after the connection. */
  readonly connectionReference: string;
  /** Database secrets engine of the connection. */
  readonly engine: IDatabaseEngine;
  /** PostgreSQL role that holds the privileges of all users with this access. */
  groupRole(access: PostgresAccess): string;
  /** Allows a Vault role to use the connection. Roles in the same app call it. */
  allowRole(roleName: string): void;
  /** Registers an existing user: Vault rotates its password. Static roles in the same app call it. */
  rotateUser(userName: string): void;
}

class ImportedPostgresDatabase extends LibraryConstruct implements IPostgresDatabase {
  readonly engine: IDatabaseEngine;
  readonly connectionName: string;
  readonly connectionReference: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly attributes: PostgresDatabaseAttributes,
  ) {
    super(scope, id);
    checkProps(this, ATTRIBUTES, attributes);
    const { engine, connectionName } = attributes;
    this.engine = engine;
    this.connectionName = connectionName;
    this.connectionReference = connectionName;
  }

  groupRole(access: PostgresAccess): string {
    return groupRolesOf(this.attributes)[access];
  }

  /** Does nothing: the other stack allows the role. */
  allowRole(): void {}

  /** Does nothing: the other stack registers the user. */
  rotateUser(): void {}
}

/**
 * A PostgreSQL database in which Vault creates users. Its first password is in no state. Right after the first login,
 * Vault replaces it with a password that only Vault knows.
 * @see https://developer.hashicorp.com/vault/docs/secrets/databases/postgresql
 * @throws ValidationError for malformed names and hosts, names that PostgreSQL would cut to 63 bytes, two roles with
 * one name, a literal password (the message does not repeat it), no schema or owner, and a name that is taken
 */
export class PostgresDatabase extends LibraryConstruct implements IPostgresDatabase {
  /**
   * References a database with a connection that another stack creates. That stack must allow the roles of
   * this app.
   */
  static fromAttributes(
    scope: Construct,
    id: string,
    attributes: PostgresDatabaseAttributes,
  ): IPostgresDatabase {
    return new ImportedPostgresDatabase(scope, id, attributes);
  }

  /** Database secrets engine of the connection. */
  readonly engine: IDatabaseEngine;
  /** Name of the connection in Vault. */
  readonly connectionName: string;
  /** Name as a token, so that Terraform creates roles after the connection. */
  readonly connectionReference: string;
  /** Resource of the connection. */
  readonly connection: DatabaseSecretBackendConnection;
  private readonly allowed: string[] = [];
  private readonly staticUsers: string[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: Importable<PostgresDatabaseProps, "host" | "database" | "owners">,
  ) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { engine, connectionName, initialPassword, initialPasswordVersion } = props;
    this.engine = engine;
    this.connectionName = connectionName;
    this.validate();
    const caCertificate = certificatesOf(this, "caCertificate", props.caCertificate);
    requireSameNamespace(this, "engine", engine);
    claimName(this, "database connection", `${engine.path}/config/${connectionName}`);
    const takesPassword =
      !props.importExisting || initialPassword !== undefined || initialPasswordVersion !== undefined;
    const adminUser = props.adminUser ?? unlessImported(props, this.adminUser);
    const settings: DatabaseSecretBackendConnectionPostgresql = {
      connectionUrl: this.connectionUrl,
      username: adminUser && literal(adminUser),
      ...(takesPassword && {
        passwordWo: initialPassword ?? this.addVariable().valueOrNull,
        passwordWoVersion: initialPasswordVersion ?? 1,
      }),
      passwordAuthentication: unlessImported(props, "scram-sha-256"),
      tlsCa: caCertificate && literal(caCertificate),
      maxOpenConnections: props.maxOpenConnections ?? unlessImported(props, 4),
    };
    this.connection = new DatabaseSecretBackendConnection(this, "Resource", {
      backend: engine.pathReference,
      name: connectionName,
      verifyConnection: unlessImported(props, true),
      allowedRoles: props.allowedRoles
        ? [...props.allowedRoles]
        : unlessImported(props, Lazy.listValue({ produce: () => [...this.allowed].sort() })),
      postgresql: Object.values(settings).some((value) => value !== undefined) ? settings : undefined,
    });
    this.connectionReference = this.connection.name;
    if (props.importExisting) importResource(this.connection, `${engine.path}/config/${connectionName}`);
    // Vault knows the password of an imported connection, and a rotation would change it.
    if (!takesPassword) return;
    // A plain address: Terraform evaluates no expression here.
    const address = `${this.connection.terraformResourceType}.${this.connection.friendlyUniqueId}`;
    // Each write rotates the password. Terraform therefore neither reads nor deletes the endpoint, and writes it
    // again only for another first password.
    new GenericEndpoint(this, "RotateRoot", {
      path: `${engine.pathReference}/rotate-root/${this.connectionReference}`,
      dataJson: "{}",
      disableRead: true,
      disableDelete: true,
      lifecycle: { replaceTriggeredBy: [`${address}.postgresql[0].password_wo_version`] },
    });
  }

  /**
   * SQL that a database administrator runs once in this database, before the first deploy.
   * @see postgres-sql.ts
   */
  get setupSql(): string {
    const { schemas = ["public"], owners } = this.props;
    return setupSql({
      database: this.database,
      schemas,
      owners: requireStated(this, "owners", owners, "the SQL grants on what they own"),
      admin: this.adminUser,
      groups: groupRolesOf({ ...this.props, database: this.database }),
      staticUsers: [...this.staticUsers].sort(),
    });
  }

  /** User that Vault logs in as. */
  get adminUser(): string {
    return this.props.adminUser ?? "vault_admin";
  }

  /** Returns the PostgreSQL role that holds the privileges of all users with this access. */
  groupRole(access: PostgresAccess): string {
    checkArguments(this, { access: [access, postgresAccess] });
    const { groupRoles } = this.props;
    return groupRoles ? groupRoles[access] : groupRolesOf({ database: this.database })[access];
  }

  /**
   * Allows a Vault role to use the connection.
   * @throws ValidationError on an imported connection without allowedRoles
   */
  allowRole(roleName: string): void {
    checkArguments(this, { roleName: [roleName, text] });
    if (this.props.importExisting) {
      const why = `the connection keeps its roles, so that it may not admit ${roleName}`;
      requireStated(this, "allowedRoles", this.props.allowedRoles, why);
    }
    this.allowed.push(roleName);
  }

  /** Adds a user to `setupSql`: Vault's user becomes a member of its role and can change its password. */
  rotateUser(userName: string): void {
    checkArguments(this, { userName: [userName, text.known()] });
    this.staticUsers.push(userName);
  }

  private get database(): string {
    return requireStated(this, "database", this.props.database, "roles of PostgreSQL are named after it");
  }

  /** @returns undefined for an imported connection without host */
  private get connectionUrl(): string | undefined {
    const { host, port = 5432, unsafeSslMode: sslMode = "verify-full" } = this.props;
    if (host === undefined) return undefined;
    const { database } = this;
    const server = isLiteral(host) ? Host.parse(host).inUrl : host;
    const path = isLiteral(database) ? encodeURIComponent(database) : database;
    return `postgresql://{{username}}:{{password}}@${server}:${Token.asString(port)}/${path}?sslmode=${sslMode}`;
  }

  private addVariable(): EphemeralVariable {
    const { connectionName } = this.props;
    if (!isLiteral(connectionName)) {
      throw new ValidationError(
        this,
        `connectionName must be known at synthesis unless initialPassword is set, got ${received(connectionName)}`,
      );
    }
    return new EphemeralVariable(this, "InitialPassword", {
      variableName: `${connectionName.replace(/[^a-z0-9]/g, "_")}_initial_password`,
      description: `First password of ${this.adminUser} in ${connectionName}; only the first apply needs it`,
      optional: true,
    });
  }

  /** Checks the names in the printed SQL. PostgreSQL would cut or reject them only when the SQL runs. */
  private validateNames(): void {
    const { database, groupRoles, schemas = [], owners = [] } = this.props;
    requirePostgresName(this, "database", database);
    schemas.forEach((schema, index) => requirePostgresName(this, `schemas[${index}]`, schema));
    const roles = Object.fromEntries(owners.map((owner, index) => [`owners[${index}]`, owner]));
    for (const [property, role] of Object.entries({ adminUser: this.adminUser, ...roles })) {
      requirePostgresRole(this, property, role);
    }
    if (database === undefined && !groupRoles) return;
    requireGroupRoles(this, this, { adminUser: this.adminUser, ...roles });
  }

  private validate(): void {
    const { connectionName, host, port, initialPassword, unsafeSslMode } = this.props;
    this.validateNames();
    requireVaultName(this, "connectionName", connectionName);
    parseProperty(this, "host", host, Host.parse);
    if (host === undefined && (port !== undefined || unsafeSslMode !== undefined)) {
      const prop = port === undefined ? "unsafeSslMode" : "port";
      throw new ValidationError(this, `host must be set beside ${prop}, got nothing: both are of one URL`);
    }
    if (isLiteral(initialPassword)) {
      throw new ValidationError(
        this,
        "initialPassword must be a reference to an ephemeral value, got a literal text, which would be in the program",
      );
    }
  }
}

function groupRolesOf({ database, groupRoles }: GroupRoles): Readonly<Record<PostgresAccess, string>> {
  return groupRoles ?? { "read-only": `${database}_app_ro`, "read-write": `${database}_app_rw` };
}
