import type { Rule } from "../rule";
import { forVaultReleases } from "../subjects";

/** Reports values of Vault's Helm chart that only Terraform knows. */
export const helmValuesUnknown: Rule = {
  id: "helm-values-unknown",
  level: "error",
  title: "The values of Vault's chart can be read before they are applied",
  item: "server",
  fix: "Write the values as text; what Terraform computes is judged by nobody.",
  source: "https://developer.hashicorp.com/vault/docs/deploy/kubernetes/helm/configuration",
  check: forVaultReleases(({ isPartlyUnknown }) =>
    isPartlyUnknown ? ["values of the chart are known to Terraform alone"] : [],
  ),
};
