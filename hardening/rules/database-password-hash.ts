import { DATABASE_CONNECTIONS, connectionsOf } from "../readers/databases";
import { textOf } from "../readers/values";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Reports PostgreSQL connections that send passwords instead of hashes. */
export const databasePasswordHash: Rule = {
  id: "database-password-hash",
  level: "warning",
  title: "PostgreSQL gets hashes of the passwords that Vault makes",
  item: "databases",
  fix: "Set password_authentication to scram-sha-256.",
  source:
    "https://developer.hashicorp.com/vault/api-docs/secret/databases/postgresql#password_authentication",
  check: forResources(DATABASE_CONNECTIONS, (element) =>
    connectionsOf(element)
      .filter(({ plugin }) => plugin.startsWith("postgresql"))
      .filter(({ body }) => textOf(body, "password_authentication") !== "scram-sha-256")
      .map(() => "passwords reach the server in the clear, and perhaps its log"),
  ),
};
