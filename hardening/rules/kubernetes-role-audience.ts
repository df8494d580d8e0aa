import { textOf } from "../readers/values";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Reports Kubernetes auth roles that accept tokens of any audience. */
export const kubernetesRoleAudience: Rule = {
  id: "kubernetes-role-audience",
  level: "warning",
  title: "Kubernetes auth roles admit only tokens that were made for Vault",
  item: "least-privilege",
  fix: "Set audience, and project a token of that audience into the pod.",
  source: "https://developer.hashicorp.com/vault/api-docs/auth/kubernetes#audience",
  check: forResources(["vault_kubernetes_auth_backend_role"], ({ values: body }) =>
    textOf(body, "audience")
      ? []
      : ["the role has no audience: a token that another service got hold of opens Vault"],
  ),
};
