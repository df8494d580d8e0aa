import { text } from "../readers/blocks";
import { DATABASE_CONNECTIONS, connectionsOf } from "../readers/databases";
import { hasSecretForm } from "../../constructs/core/secret-forms";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Reports passwords of database connections that Terraform keeps in its state. */
export const databasePasswordInState: Rule = {
  id: "database-password-in-state",
  level: "error",
  title: "The password of a database connection is in no state",
  item: "secrets-in-state",
  fix: "Use password_wo with password_wo_version, as PostgresDatabase does, and let Vault replace it at once.",
  source:
    "https://registry.terraform.io/providers/hashicorp/vault/latest/docs/resources/database_secret_backend_connection",
  check: forResources(DATABASE_CONNECTIONS, (element) =>
    connectionsOf(element).flatMap(({ body }) => [
      ...(body.password === undefined ? [] : ["password is kept in the state"]),
      ...(hasSecretForm(text(body.connection_url) ?? "") ? ["connection_url spells out credentials"] : []),
      ...(body.password_wo !== undefined && body.password_wo_version === undefined
        ? ["password_wo has no version, and without one it is never sent"]
        : []),
    ]),
  ),
};
