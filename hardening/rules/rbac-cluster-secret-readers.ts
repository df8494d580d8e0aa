import type { RoleReference } from "../../analysis/kubernetes/rbac";
import type { Platform } from "../platform";
import { bindingsOf, rbacOf, rolesOf } from "../readers/kubernetes-objects";
import { type Readings, readsSecrets, verdictOf } from "../readers/rbac";
import type { Rule } from "../rule";
import { all, forElements } from "../subjects";

/** Reports ClusterRoles that read Secrets of the whole cluster. */
export const rbacClusterSecretReaders: Rule = {
  id: "rbac-cluster-secret-readers",
  level: "error",
  title: "Nobody reads the Secrets of the whole cluster",
  item: "kubernetes-secrets",
  fix: "Use a Role in the one namespace, with the Secrets by name.",
  source: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets",
  check: all(
    forElements(
      (element) => rolesOf(element, "ClusterRole").length > 0,
      (element) =>
        verdictOf(
          rolesOf(element, "ClusterRole").map((role) =>
            readsSecrets(rbacOf(element.platform).rulesOf(role)!),
          ),
        ),
    ),
    forElements(
      (element) => bindingsOf(element, "ClusterRoleBinding").length > 0,
      (element) =>
        verdictOf(
          bindingsOf(element, "ClusterRoleBinding").map(({ role }) => boundRole(element.platform, role)),
        ),
    ),
  ),
};

function boundRole(platform: Platform, role: RoleReference | undefined): Readings {
  const rules = role && rbacOf(platform).rulesOf(role);
  if (!role || !rules) {
    const name = role ? `the role ${role.name}, which is bound,` : "a role that is bound";
    return { problems: [], unknown: [`the rules of ${name} are not known`] };
  }
  const { problems, unknown } = readsSecrets(rules);
  const reads = `${role.name} is bound, which reads every Secret of the cluster`;
  return { problems: problems.length > 0 ? [reads] : [], unknown };
}
