import { type App, DefaultTokenResolver, StringConcat, TerraformStack, Tokenization } from "cdktf";
import type { IConstruct } from "constructs";
import { OidcAuth } from "../../../constructs/auth/oidc-auth";
import { EphemeralVariable } from "../../../constructs/core/ephemeral-variable";
import { pathFromRoot } from "../../../constructs/core/vault-scope";
import { PostgresDatabase } from "../../../constructs/engines/postgres-database";
import { environmentOf as declaredFor } from "../../../hardening/environment-facts";
import { environmentOf } from "../../../analysis/terraform/synthesized";

/** Database in which an administrator must create the login of Vault. */
export interface DatabaseSetup {
  /** Kind of the setup. */
  readonly kind: "database";
  /** Name of the connection in Vault. */
  readonly name: string;
  /** Name of the stack. */
  readonly stack: string;
  /** Name of the environment. */
  readonly environment: string;
  /** Host and port. */
  readonly server: string;
  /** Name of the database in PostgreSQL. */
  readonly database: string;
  /** User that Vault logs in as. */
  readonly adminUser: string;
  /** SQL for the administrator. */
  readonly sql: string;
  /** Terraform variable for the initial password. @default - the app reads the password from elsewhere */
  readonly passwordVariable?: string;
}

/** Identity provider with a client secret that an administrator must write to Vault. */
export interface OidcSetup {
  /** Kind of the setup. */
  readonly kind: "oidc";
  /** Path of the mount. */
  readonly name: string;
  /** Name of the stack. */
  readonly stack: string;
  /** Name of the environment. */
  readonly environment: string;
  /** Command for bash. It prompts for the secret. */
  readonly command: string;
}

/** Manual setup. */
export type Setup = DatabaseSetup | OidcSetup;

/** Manual setups for the environments of an app. Each is done once. */
export interface ProgramSetup {
  /** Names of all environments, including those without a setup. */
  readonly environments: readonly string[];
  /** Setups of all stacks. */
  readonly setups: readonly Setup[];
}

/** Finds setups that require permissions or secrets that Terraform does not have. */
export function read(app: App): ProgramSetup {
  const stacks = app.node.findAll().filter(TerraformStack.isStack);
  return {
    environments: [...new Set(stacks.map(environmentOfStack))],
    setups: stacks.flatMap((stack) => stack.node.findAll().flatMap((construct) => setupOf(construct, stack))),
  };
}

function environmentOfStack(stack: TerraformStack): string {
  return declaredFor(stack)?.name ?? environmentOf(stack.node.id);
}

function setupOf(construct: IConstruct, stack: TerraformStack): Setup[] {
  const place = { stack: stack.node.id, environment: environmentOfStack(stack) };
  if (construct instanceof PostgresDatabase) return [{ ...describeDatabase(construct, stack), ...place }];
  if (construct instanceof OidcAuth) {
    return [
      {
        kind: "oidc",
        name: pathFromRoot(construct, `auth/${construct.path}`),
        command: resolved(construct.configurationCommand, stack),
        ...place,
      },
    ];
  }
  return [];
}

function describeDatabase(database: PostgresDatabase, stack: TerraformStack) {
  const { connectionName, adminUser, setupSql } = database;
  const url = resolved(database.connection.postgresqlInput!.connectionUrl!, stack);
  const [, server, path] = /@(.+)\/([^/?]+)\?/.exec(url)!;
  const variable = database.node.tryFindChild("InitialPassword");
  return {
    kind: "database" as const,
    name: connectionName,
    server,
    database: decodeURIComponent(path),
    adminUser,
    sql: resolved(setupSql, stack),
    passwordVariable: variable instanceof EphemeralVariable ? variable.friendlyUniqueId : undefined,
  };
}

/** Text as Terraform reads it, with references. */
function resolved(text: string, scope: TerraformStack): string {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return Tokenization.resolve(text, { scope, resolver, preparing: false }) as string;
}
