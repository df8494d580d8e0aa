import { sqlOf } from "../readers/databases";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** SQL that creates one user with the privileges of its group, and no others. */
const GROUP_MEMBER = /^\s*CREATE\s+(ROLE|USER)\b[^;]*\bIN\s+ROLE\s+("[^"]+"|\w+)\s*;?\s*$/i;

/** Reports database roles with privileges in custom SQL. */
export const databaseCustomSql: Rule = {
  id: "database-custom-sql",
  level: "warning",
  title: "Users that Vault makes have what a reviewed group role has",
  item: "databases",
  fix: "Leave out customStatements of DynamicPostgresRole, or accept that privileges are in this SQL.",
  source: "https://www.postgresql.org/docs/current/role-membership.html",
  check: forResources(["vault_database_secret_backend_role"], ({ body }) => {
    const creation = sqlOf(body.creation_statements);
    return /\bCREATE\s+(ROLE|USER)\b/i.test(creation) && !GROUP_MEMBER.test(creation)
      ? ["the user's privileges are in SQL of its own"]
      : [];
  }),
};
