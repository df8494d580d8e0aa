import { rbacRulesOf, readsSecrets } from "../readers/rbac";
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
    (element) => rbacRulesOf(element)?.kind === "Role",
    (element) => readsSecrets(rbacRulesOf(element)!.rules),
  ),
};
