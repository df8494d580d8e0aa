import { isReference, text } from "../readers/blocks";
import { DATABASE_CONNECTIONS, connectionsOf, isPostgres } from "../readers/databases";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Reports PostgreSQL connections that do not verify the server. */
export const databaseSslmode: Rule = {
  id: "database-sslmode",
  level: "error",
  title: "Vault verifies the database server that it sends its password to",
  item: "databases",
  fix: "Put sslmode=verify-full into connection_url, and the server's CA into tls_ca.",
  source: "https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-SSLMODE-STATEMENTS",
  check: forResources(DATABASE_CONNECTIONS, (element) =>
    connectionsOf(element)
      .filter(isPostgres)
      .filter(({ body }) => !isReference(body.connection_url))
      .flatMap(({ body }) => {
        const mode = /[?&\s]sslmode=([\w-]+)/.exec(text(body.connection_url) ?? "")?.[1] ?? "not set";
        return mode === "verify-full" ? [] : [`sslmode is ${mode}`];
      }),
  ),
};
