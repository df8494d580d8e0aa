import { sqlOf } from "../readers/databases";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Administrative privileges of database users, each with the problem to report. */
const POWERS: readonly [RegExp, string][] = [
  [/(?<!NO)\b(SUPERUSER|CREATEROLE|CREATEDB|BYPASSRLS|REPLICATION)\b/i, "users administer the server"],
  [/\bWITH\s+ADMIN\b/i, "users can give away their roles"],
  [/\bGRANT\s+ALL\b/i, "users are granted everything"],
  [
    /\b(IN\s+ROLE|TO)\s+"?(postgres|rds_superuser|cloudsqlsuperuser|pg_\w+)"?/i,
    "users join a role of the server's own",
  ],
];

/** Reports database roles for users with administrative privileges. */
export const databaseSuperuser: Rule = {
  id: "database-superuser",
  level: "error",
  title: "Users that Vault makes administer nothing",
  item: "databases",
  fix: "Let users inherit from a group role that holds what the service needs.",
  source: "https://www.postgresql.org/docs/current/role-attributes.html",
  check: forResources(["vault_database_secret_backend_role"], ({ body }) => {
    const sql = sqlOf(body.creation_statements);
    return POWERS.filter(([power]) => power.test(sql)).map(([, problem]) => problem);
  }),
};
