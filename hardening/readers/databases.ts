import { unescaped } from "../../constructs/core/literal";
import type { Element } from "../element";
import { type Block, blocks, text, texts } from "./blocks";

/** Resources that connect Vault to databases. */
export const DATABASE_CONNECTIONS = [
  "vault_database_secret_backend_connection",
  "vault_database_secrets_mount",
];

export interface Connection {
  /** Name in Vault. */
  readonly name: string;
  /** Kind of database, such as `postgresql`. */
  readonly plugin: string;
  readonly body: Block;
}

/** The connections that an element makes: one for the plain resource, any number for the mount with connections. */
export function connectionsOf({ body }: Element): Connection[] {
  return Object.entries(body).flatMap(([plugin, value]) =>
    blocks(value).map((inner) => ({ plugin, body: inner, name: text(inner.name ?? body.name) ?? "" })),
  );
}

/** True for connections to PostgreSQL, by plugin or by URL. */
export function isPostgres({ plugin, body }: Connection): boolean {
  return plugin.startsWith("postgresql") || /^postgres(ql)?:\/\//.test(text(body.connection_url) ?? "");
}

/** SQL of a role, as the database gets it. */
export function sqlOf(statements: unknown): string {
  return texts(statements).map(unescaped).join("\n");
}
