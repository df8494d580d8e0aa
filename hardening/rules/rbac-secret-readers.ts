import { readsSecrets, verdictOf } from "../readers/rbac";
import { rbacOf, rolesOf } from "../readers/kubernetes-objects";
import type { Rule } from "../rule";
import { forElements } from "../subjects";

/** Reports Roles that read Secrets without naming them. */
export const rbacSecretReaders: Rule = {
  id: "rbac-secret-readers",
  level: "warning",
  title: "Roles read only the Secrets that they name",
  item: "kubernetes-secrets",
  fix: "Name the Secrets in resource_names, with the verb get alone.",
  source: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets",
  check: forElements(
    (element) => rolesOf(element, "Role").length > 0,
    (element) =>
      verdictOf(
        rolesOf(element, "Role").map((role) => readsSecrets(rbacOf(element.platform).rulesOf(role)!)),
      ),
  ),
};
