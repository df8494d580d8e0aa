import { type App, DefaultTokenResolver, StringConcat, TerraformStack, Tokenization } from "cdktf";
import type { IConstruct } from "constructs";
import { OidcAuth } from "../../../constructs/auth/oidc-auth";
import { EphemeralVariable } from "../../../constructs/core/ephemeral-variable";
import { pathFromRoot } from "../../../constructs/core/vault-scope";
import { PostgresDatabase } from "../../../constructs/engines/postgres-database";
import { environmentOf as declaredFor } from "../../../hardening/environment-facts";
import { environmentOf } from "../../../analysis/terraform/synthesized";

/** A database in which somebody has to make what Vault logs in with. */
export interface DatabaseSetup {
  readonly kind: "database";
  /** Name of the connection in Vault. */
  readonly name: string;
  readonly stack: string;
  readonly environment: string;
  /** Host and port. */
  readonly server: string;
  /** Name in PostgreSQL. */
  readonly database: string;
  readonly adminUser: string;
  readonly sql: string;
  /** Variable of Terraform that takes the first password. @default - the program has it from elsewhere */
  readonly passwordVariable?: string;
}

/** An identity provider whose client secret somebody has to give Vault. */
export interface OidcSetup {
  readonly kind: "oidc";
  /** Path of the mount. */
  readonly name: string;
  readonly stack: string;
  readonly environment: string;
  /** For bash; it asks for the secret. */
  readonly command: string;
}

export type Setup = DatabaseSetup | OidcSetup;

/** What people do once for the environments of an app. */
export interface ProgramSetup {
  /** Names of the environments, also of those for which there is nothing to do. */
  readonly environments: readonly string[];
  readonly setups: readonly Setup[];
}

/** Finds what takes rights or secrets that Terraform does not have. */
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

/** As Terraform would read it: a reference is shown as one. */
function resolved(text: string, scope: TerraformStack): string {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return Tokenization.resolve(text, { scope, resolver, preparing: false }) as string;
}
