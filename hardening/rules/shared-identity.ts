import { textsOf } from "../readers/values";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Reports Kubernetes auth roles for more than one ServiceAccount. */
export const sharedIdentity: Rule = {
  id: "shared-identity",
  level: "error",
  title: "A Kubernetes auth role is one ServiceAccount's",
  item: "static-credentials",
  fix: "Make a K8sAuthBinding for each ServiceAccount: with a shared one the audit log cannot tell them apart.",
  source: "https://developer.hashicorp.com/vault/docs/auth/kubernetes",
  check: forResources(["vault_kubernetes_auth_backend_role"], ({ values: body }) => {
    const names = textsOf(body, "bound_service_account_names");
    const namespaces = textsOf(body, "bound_service_account_namespaces");
    return names.length > 1 || namespaces.length > 1
      ? [`the role is shared by ${names.join(", ")} of ${namespaces.join(", ")}`]
      : [];
  }),
};
