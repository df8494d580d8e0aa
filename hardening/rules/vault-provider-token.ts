import type { Rule } from "../rule";
import { forElements } from "../subjects";

/** Reports Vault providers that log in with a token, a password, or an implicit token. */
export const vaultProviderToken: Rule = {
  id: "vault-provider-token",
  level: "error",
  title: "Terraform logs in to Vault by an identity",
  item: "static-credentials",
  fix: "Use auth_login with an ephemeral ServiceAccount token or the identity token of a workflow.",
  source: "https://registry.terraform.io/providers/hashicorp/vault/latest/docs#authentication",
  check: forElements(
    ({ block, type }) => block === "provider" && type === "vault",
    ({ body }) => {
      if (body.token !== undefined) return ["the provider has a token"];
      if (body.auth_login_userpass !== undefined) return ["the provider logs in by a password"];
      return Object.keys(body).some((name) => name.startsWith("auth_login"))
        ? []
        : ["the provider says no login, so that it takes a token of whoever runs Terraform"];
    },
  ),
};
