import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Reports Vault tokens that Terraform creates. */
export const vaultTokenResource: Rule = {
  id: "vault-token-resource",
  level: "error",
  title: "Terraform makes no token of Vault",
  item: "static-credentials",
  fix: "Give whoever needs the token an auth role; the token would be in the state.",
  source: "https://registry.terraform.io/providers/hashicorp/vault/latest/docs/resources/token",
  check: forResources(/^vault_/, ({ type }) =>
    type === "vault_token" ? ["a token of Vault is made and kept in the state"] : [],
  ),
};
