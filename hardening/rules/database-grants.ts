import { sqlOf } from "../readers/databases";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Reports database roles with grants that miss sequences or prevent DROP ROLE. */
export const databaseGrants: Rule = {
  id: "database-grants",
  level: "error",
  title: "Users that Vault makes can work, and can be dropped",
  item: "databases",
  fix: "Grant to a group role and let users inherit from it, as DynamicPostgresRole does.",
  source: "https://www.postgresql.org/docs/current/role-removal.html",
  check: forResources(["vault_database_secret_backend_role"], ({ body }) => {
    const creation = sqlOf(body.creation_statements);
    const revocation = sqlOf(body.revocation_statements);
    const grants = /\bGRANT\b[^;]*\bON\b/i.test(creation);
    if (!/\bCREATE\s+(ROLE|USER)\b/i.test(creation) || !grants) return [];
    const inserts = /\bGRANT\b[^;]*\b(INSERT|ALL)\b[^;]*\bON\s+(ALL\s+TABLES|TABLE)\b/i.test(creation);
    const dropsOwned = /\bDROP\s+OWNED\b/i.test(revocation);
    return [
      ...(inserts && !/\bSEQUENCES?\b/i.test(creation)
        ? ["INSERT fails on tables with a serial column: nothing is granted on sequences"]
        : []),
      ...(dropsOwned
        ? []
        : ["DROP ROLE fails while the user has grants outside public: nothing drops them first"]),
    ];
  }),
};
