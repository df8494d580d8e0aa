import { DatabaseSecretBackendRole } from "@cdktf/provider-vault/lib/database-secret-backend-role";
import type { Construct } from "constructs";
import { type Grant, grantRules } from "../auth/grant";
import { LibraryConstruct } from "../core/library-construct";
import { grantee as GRANTEE, passwordPolicy } from "../auth/fields";
import type { IPasswordPolicy } from "../auth/password-policy";
import { requireVaultName } from "../auth/policy";
import type { IGrantee } from "../auth/policy-rule";
import { requireLeaseWithinToken, requireNotLonger } from "../auth/ttl";
import { Duration } from "../core/duration";
import { anyText, checkArguments, checkProps, list, object, text } from "../core/field";
import { duration } from "../core/fields";
import {
  importResource,
  importExistingFields,
  type ImportExistingProps,
  KEPT,
  unlessImported,
} from "../core/import-existing";
import { literal } from "../core/literal";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { claimName } from "../core/vault-names";
import { requireSameNamespace } from "../core/vault-scope";
import { postgresAccess, postgresDatabase } from "./fields";
import type { IPostgresDatabase } from "./postgres-database";
import { requireGroupRoles } from "./postgres-names";
import { creationStatements, type PostgresAccess, revocationStatements } from "./postgres-sql";

/**
 * Custom SQL instead of the group role's SQL. `{{name}}`, `{{password}}` and `{{expiration}}` are templates of Vault.
 */
export interface CustomStatements {
  /** SQL that creates a user. */
  readonly creation: readonly string[];
  /** SQL that removes a user when its lease ends. */
  readonly revocation: readonly string[];
}

/** Database, access and TTLs of a `DynamicPostgresRole`. */
export interface DynamicPostgresRoleProps extends ImportExistingProps {
  /** Database in which Vault creates the users. */
  readonly database: IPostgresDatabase;
  /** Name of the role in Vault. */
  readonly roleName: string;
  /** Access of the users. @default read-only */
  readonly access?: PostgresAccess;
  /** How long a credential lasts before it is renewed. @default - 1 hour, or maxTtl if that is shorter */
  readonly defaultTtl?: Duration;
  /** How long a credential can be renewed. Applications must request a new one before that. @default - 24 hours */
  readonly maxTtl?: Duration;
  /** Policy for the generated passwords. @default - Vault's own: 20 characters with a dash */
  readonly passwordPolicy?: IPasswordPolicy;
  /**
   * Replaces the SQL that creates and removes a user; `access` is then ignored. Such a role is reported, because its
   * privileges are not those of a reviewed group.
   * @default - the SQL of the group role
   */
  readonly customStatements?: CustomStatements;
}

const PROPS = object<DynamicPostgresRoleProps>(() => ({
  ...importExistingFields,
  database: postgresDatabase,
  roleName: text,
  access: postgresAccess.optional(),
  defaultTtl: duration.optional(),
  maxTtl: duration.optional(),
  passwordPolicy: passwordPolicy.optional(),
  customStatements: object<CustomStatements>(() => ({
    creation: list(anyText).known(),
    revocation: list(anyText).known(),
  })).optional(),
}));

/**
 * PostgreSQL users that Vault creates on demand and drops when their lease ends. Each user is a member of a group
 * role, and only the group role has privileges. The privileges therefore cover tables that are created later, and
 * they never prevent Vault from dropping a user.
 * @see https://developer.hashicorp.com/vault/docs/secrets/databases/postgresql
 * @throws ValidationError for empty SQL, group roles that PostgreSQL would treat as one, a role that is taken,
 * defaultTtl above maxTtl, and maxTtl above the engine's
 */
export class DynamicPostgresRole extends LibraryConstruct {
  /** Name of the role in Vault. */
  readonly roleName: string;
  /** Database in which Vault creates the users. */
  readonly database: IPostgresDatabase;
  /** TTL of a credential before it is renewed. */
  readonly defaultTtl: Duration;
  /** Maximum TTL of a credential. */
  readonly maxTtl: Duration;

  constructor(scope: Construct, id: string, props: DynamicPostgresRoleProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { database, roleName, customStatements } = props;
    const maxTtl = props.maxTtl ?? unlessImported(props, Duration.hours(24)) ?? database.engine.maxTtl;
    const { engine } = database;
    const hour = Duration.hours(1);
    this.roleName = roleName;
    this.database = database;
    this.maxTtl = maxTtl;
    const usual = unlessImported(props, hour.isLongerThan(maxTtl) ? maxTtl : hour);
    this.defaultTtl = props.defaultTtl ?? usual ?? maxTtl;
    requireVaultName(this, "roleName", roleName);
    requireNotLonger(this, ["defaultTtl", this.defaultTtl], ["maxTtl", maxTtl], "a credential ends there");
    requireNotLonger(
      this,
      ["maxTtl", maxTtl],
      [`maxTtl of the mount ${engine.path}`, engine.maxTtl],
      "Vault would cut it",
    );
    if (customStatements) this.validate(customStatements);
    requireSameNamespace(this, "database", database);
    requireSameNamespace(this, "the database's engine", engine);
    if (props.passwordPolicy) requireSameNamespace(this, "passwordPolicy", props.passwordPolicy);
    claimName(this, "role", `${engine.path}/role/${roleName}`);
    // The connection already allows an imported role.
    if (!props.importExisting) database.allowRole(roleName);
    const access = props.access ?? unlessImported(props, "read-only");
    if (!customStatements && access) requireGroupRoles(this, database);
    const statements = customStatements ?? (access && statementsOf(database.groupRole(access)));
    const role = new DatabaseSecretBackendRole(this, "Resource", {
      backend: engine.pathReference,
      name: roleName,
      dbName: database.connectionReference,
      creationStatements: statements?.creation.map(literal) ?? [KEPT],
      revocationStatements: statements?.revocation.map(literal),
      defaultTtl: (props.defaultTtl ?? usual)?.toSeconds(),
      maxTtl: (props.maxTtl ?? unlessImported(props, maxTtl))?.toSeconds(),
      credentialConfig: props.passwordPolicy && { password_policy: props.passwordPolicy.reference },
    });
    if (props.importExisting) {
      importResource(role, `${engine.path}/roles/${roleName}`, statements ? [] : ["creation_statements"]);
    }
  }

  /**
   * Allows the grantee to request credentials.
   * @throws ValidationError if a credential can outlive the grantee's token, unless the token is periodic
   */
  grantCredentials(grantee: IGrantee): Grant {
    checkArguments(this, { grantee: [grantee, GRANTEE] });
    requireLeaseWithinToken(this, [`maxTtl of role ${this.roleName}`, this.maxTtl], grantee);
    return grantRules(grantee, {
      path: this.credentialsPath,
      capabilities: ["read"],
      reason: `takes credentials for ${this.database.connectionName}`,
      grantedBy: this,
    });
  }

  /** Path at which credentials are read. */
  get credentialsPath(): string {
    return `${this.database.engine.path}/creds/${this.roleName}`;
  }

  private validate(statements: CustomStatements): void {
    for (const part of ["creation", "revocation"] as const) {
      const all = statements[part];
      // Comments alone are not a statement either.
      const isEmpty = (sql: string) =>
        isLiteral(sql) && sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\/|[;\s]/g, "") === "";
      if (all.length === 0 || all.some(isEmpty)) {
        throw new ValidationError(
          this,
          `customStatements.${part} must be SQL, got ${received(all)}: Vault would ${
            part === "creation"
              ? "refuse to make users"
              : "fall back to SQL that fails outside the schema public"
          }`,
        );
      }
    }
    const creation = statements.creation.join("\n");
    for (const template of ["{{name}}", "{{password}}"]) {
      if (statements.creation.every(isLiteral) && !creation.includes(template)) {
        throw new ValidationError(
          this,
          `customStatements.creation must use ${template}, got ${received(creation)}`,
        );
      }
    }
  }
}

function statementsOf(group: string): CustomStatements {
  return { creation: creationStatements(group), revocation: revocationStatements(group) };
}
