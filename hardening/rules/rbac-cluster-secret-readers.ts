import { rbacRulesOf, readsSecrets, roleReferenceOf } from "../readers/rbac";
import type { Rule } from "../rule";
import { all, forElements } from "../subjects";

/** Default roles of Kubernetes that can read Secrets. */
const READERS = ["cluster-admin", "admin", "edit"];

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
      (element) => rbacRulesOf(element)?.kind === "ClusterRole",
      (element) => readsSecrets(rbacRulesOf(element)!.rules),
    ),
    forElements(
      (element) => roleReferenceOf(element)?.binding === "ClusterRoleBinding",
      (element) => {
        const { role } = roleReferenceOf(element)!;
        return READERS.includes(role) ? [`${role} is bound, which reads every Secret of the cluster`] : [];
      },
    ),
  ),
};
