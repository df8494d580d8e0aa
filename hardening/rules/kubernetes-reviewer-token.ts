import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Reports Kubernetes auth mounts with a stored reviewer token. */
export const kubernetesReviewerToken: Rule = {
  id: "kubernetes-reviewer-token",
  level: "error",
  title: "Vault reviews ServiceAccount tokens by a token that ends",
  item: "static-credentials",
  fix: "Leave out token_reviewer_jwt: Vault reads its own pod's token again and again.",
  source:
    "https://developer.hashicorp.com/vault/docs/auth/kubernetes#how-to-work-with-short-lived-kubernetes-tokens",
  check: forResources(["vault_kubernetes_auth_backend_config"], ({ body }) =>
    body.token_reviewer_jwt === undefined ? [] : ["token_reviewer_jwt is stored, in Vault and in the state"],
  ),
};
