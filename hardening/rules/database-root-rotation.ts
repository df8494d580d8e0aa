import { refersTo } from "../element";
import { text } from "../readers/blocks";
import { DATABASE_CONNECTIONS, connectionsOf } from "../readers/databases";
import { vaultNamespaceOf } from "../readers/vault-namespaces";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Reports database connections that keep their initial password. */
export const databaseRootRotation: Rule = {
  id: "database-root-rotation",
  level: "warning",
  title: "Vault alone knows the password that it logs in with",
  item: "databases",
  fix: "Rotate it at once, as PostgresDatabase does, by a vault_generic_endpoint on rotate-root.",
  source: "https://developer.hashicorp.com/vault/api-docs/secret/databases#rotate-root-credentials",
  check: forResources(DATABASE_CONNECTIONS, (element) => {
    const rotations = element.platform
      .resources("vault_generic_endpoint")
      .filter((endpoint) => vaultNamespaceOf(endpoint) === vaultNamespaceOf(element))
      .map(({ body }) => text(body.path) ?? "")
      .filter((path) => path.includes("/rotate-root/"));
    return connectionsOf(element)
      .filter(({ body }) => body.connection_url !== undefined || body.username !== undefined)
      .filter(({ body }) => body.rotation_period === undefined && body.rotation_schedule === undefined)
      .filter(({ name }) => !rotations.some((path) => path.endsWith(`/${name}`) || refersTo(path, element)))
      .map(({ name }) => `nothing replaces the first password of ${name}, which somebody knows`);
  }),
};
