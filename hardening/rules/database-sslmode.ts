import { known } from "../readers/values";
import { text } from "../readers/blocks";
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
      .flatMap(({ body }) => {
        const url = text(body.connection_url) ?? "";
        const modes = [...url.matchAll(/[?&\s]sslmode\s*=\s*'?([\w-]+)/gi)].map(([, mode]) => mode);
        // An expression can be the end of the URL, where the mode is.
        if (modes.length === 0) known("connection_url", url);
        return modes.length > 0 && modes.every((mode) => mode === "verify-full")
          ? []
          : [`sslmode is ${modes.join(" and ") || "not set"}`];
      }),
  ),
};
