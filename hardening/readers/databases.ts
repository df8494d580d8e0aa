import { unescaped } from "../../constructs/core/literal";
import type { Element } from "../element";
import { type Block, blocks, text, texts } from "./blocks";
import { known } from "./values";

/** Resource types that connect Vault to databases. */
export const DATABASE_CONNECTIONS = [
  "vault_database_secret_backend_connection",
  "vault_database_secrets_mount",
];

/** Connection of Vault to a database. */
export interface Connection {
  /** Name in Vault. */
  readonly name: string;
  /** Kind of database, such as `postgresql`. */
  readonly plugin: string;
  /** Arguments of the connection. */
  readonly body: Block;
}

/** Connections of an element: one for the plain resource, any number for the mount with connections. */
export function connectionsOf({ body }: Element): Connection[] {
  return Object.entries(body).flatMap(([plugin, value]) =>
    blocks(value).map((inner) => ({ plugin, body: inner, name: text(inner.name ?? body.name) ?? "" })),
  );
}

/** Returns true for connections to PostgreSQL, by plugin or by URL. */
export function isPostgres({ plugin, body }: Connection): boolean {
  return plugin.startsWith("postgresql") || /^postgres(ql)?:\/\//.test(text(body.connection_url) ?? "");
}

/** SQL of a role, as it is sent to the database. @throws NotJudged for SQL that only Terraform knows */
export function sqlOf(statements: unknown): string {
  return texts(known("the SQL of the role", statements)).map(unescaped).join("\n");
}
