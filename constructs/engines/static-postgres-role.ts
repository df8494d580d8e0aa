import { DatabaseSecretBackendStaticRole } from "@cdktf/provider-vault/lib/database-secret-backend-static-role";
import type { Construct } from "constructs";
import { type Grant, grantRules } from "../auth/grant";
import { LibraryConstruct } from "../core/library-construct";
import { grantee as GRANTEE, passwordPolicy } from "../auth/fields";
import type { IPasswordPolicy } from "../auth/password-policy";
import { requireVaultName } from "../auth/policy";
import type { IGrantee } from "../auth/policy-rule";
import { Duration } from "../core/duration";
import { checkArguments, checkProps, object, text } from "../core/field";
import { duration } from "../core/fields";
import {
  importResource,
  importExistingFields,
  type ImportExistingProps,
  unlessImported,
} from "../core/import-existing";
import { literal } from "../core/literal";
import { received } from "../core/received";
import { ValidationError } from "../core/validation-error";
import { claimName } from "../core/vault-names";
import { requireSameNamespace } from "../core/vault-scope";
import { postgresDatabase } from "./fields";
import type { IPostgresDatabase } from "./postgres-database";
import { requirePostgresRole } from "./postgres-names";

/** Database, user and rotation of a `StaticPostgresRole`. */
export interface StaticPostgresRoleProps extends ImportExistingProps {
  /** Database of the user. */
  readonly database: IPostgresDatabase;
  /** Name of the role in Vault. */
  readonly roleName: string;
  /** User that already exists in PostgreSQL. */
  readonly userName: string;
  /** Time between password rotations. @default - 24 hours */
  readonly rotationPeriod?: Duration;
  /** Policy for the generated passwords. @default - Vault's own: 20 characters with a dash */
  readonly passwordPolicy?: IPasswordPolicy;
}

const PROPS = object<StaticPostgresRoleProps>(() => ({
  ...importExistingFields,
  database: postgresDatabase,
  roleName: text,
  userName: text.known(),
  rotationPeriod: duration.optional(),
  passwordPolicy: passwordPolicy.optional(),
}));

/**
 * One existing PostgreSQL user. Vault rotates its password regularly. Use it for applications that cannot change
 * their user. The current password stops working when you apply this.
 * @see https://developer.hashicorp.com/vault/docs/secrets/databases#static-roles
 * @throws ValidationError for an empty user, a period below 5 seconds, and a role or user that is taken
 */
export class StaticPostgresRole extends LibraryConstruct {
  /** Name of the role in Vault. */
  readonly roleName: string;
  /** Database of the user. */
  readonly database: IPostgresDatabase;

  constructor(scope: Construct, id: string, props: StaticPostgresRoleProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { database, roleName, userName } = props;
    const rotationPeriod = props.rotationPeriod ?? unlessImported(props, Duration.hours(24));
    const { engine } = database;
    this.roleName = roleName;
    this.database = database;
    requireVaultName(this, "roleName", roleName);
    requirePostgresRole(this, "userName", userName);
    if (rotationPeriod && rotationPeriod.toSeconds() < 5) {
      throw new ValidationError(this, `rotationPeriod must be 5s at least, got ${received(rotationPeriod)}`);
    }
    requireSameNamespace(this, "database", database);
    requireSameNamespace(this, "the database's engine", engine);
    if (props.passwordPolicy) requireSameNamespace(this, "passwordPolicy", props.passwordPolicy);
    claimName(this, "role", `${engine.path}/role/${roleName}`);
    claimName(this, "database user", `${engine.path}/${database.connectionName}/${userName}`);
    // The connection already allows an imported role.
    if (!props.importExisting) database.allowRole(roleName);
    database.rotateUser(userName);
    const role = new DatabaseSecretBackendStaticRole(this, "Resource", {
      backend: engine.pathReference,
      name: roleName,
      dbName: database.connectionReference,
      username: literal(userName),
      rotationPeriod: rotationPeriod?.toSeconds(),
      credentialConfig: props.passwordPolicy && { password_policy: props.passwordPolicy.reference },
    });
    if (props.importExisting) importResource(role, `${engine.path}/static-roles/${roleName}`);
  }

  /** Allows the grantee to read the current password of the user. */
  grantCredentials(grantee: IGrantee): Grant {
    checkArguments(this, { grantee: [grantee, GRANTEE] });
    return grantRules(grantee, {
      path: this.credentialsPath,
      capabilities: ["read"],
      reason: `reads the password of a user of ${this.database.connectionName}`,
      grantedBy: this,
    });
  }

  /** Path at which the password is read. */
  get credentialsPath(): string {
    return `${this.database.engine.path}/static-creds/${this.roleName}`;
  }
}
