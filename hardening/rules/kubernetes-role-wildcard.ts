import { textsOf } from "../readers/values";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Reports Kubernetes auth roles with wildcards or namespace selectors. */
export const kubernetesRoleWildcard: Rule = {
  id: "kubernetes-role-wildcard",
  level: "error",
  title: "Kubernetes auth roles name their ServiceAccounts exactly",
  item: "least-privilege",
  fix: "Name one ServiceAccount of one namespace, as K8sAuthBinding does.",
  source: "https://developer.hashicorp.com/vault/api-docs/auth/kubernetes#create-update-role",
  check: forResources(["vault_kubernetes_auth_backend_role"], ({ values: body }) => {
    const names = textsOf(body, "bound_service_account_names");
    const namespaces = textsOf(body, "bound_service_account_namespaces");
    return [
      ...[...names, ...namespaces]
        .filter((name) => /[*?]/.test(name))
        .map((name) => `the role admits every ServiceAccount or namespace that matches ${name}`),
      ...(body.bound_service_account_namespace_selector
        ? ["the role admits every namespace that somebody labels so"]
        : []),
    ];
  }),
};
