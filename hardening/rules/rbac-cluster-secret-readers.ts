import { bindingsOf, rbacOf, rolesOf } from "../readers/kubernetes-objects";
import { readsSecrets } from "../readers/rbac";
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
        rolesOf(element, "ClusterRole").flatMap((role) =>
          readsSecrets(rbacOf(element.platform).rulesOf(role)!),
        ),
    ),
    forElements(
      (element) => bindingsOf(element, "ClusterRoleBinding").length > 0,
      (element) =>
        bindingsOf(element, "ClusterRoleBinding").flatMap(({ role }) => {
          if (!role) return ["a role is bound that is not known"];
          const rules = rbacOf(element.platform).rulesOf(role);
          // The default roles that read Secrets do so by rules of their own, and other roles are elements.
          return rules && readsSecrets(rules).length > 0
            ? [`${role.name} is bound, which reads every Secret of the cluster`]
            : [];
        }),
    ),
  ),
};
