import { isOn, textOf, textsOf } from "../readers/values";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Reports ACME without account binding, or without a role that limits the names. */
export const pkiAcme: Rule = {
  id: "pki-acme",
  level: "error",
  title: "ACME needs an external account binding and issues by named roles",
  item: "least-privilege",
  fix: 'Set eab_policy to "always-required", name allowed_roles, and choose a role in default_directory_policy.',
  source: "https://developer.hashicorp.com/vault/api-docs/secret/pki#set-acme-configuration",
  check: forResources(["vault_pki_secret_backend_config_acme"], ({ values: body }) => {
    if (!isOn(body, "enabled")) return [];
    // Vault's own defaults apply without a value.
    const binding = textOf(body, "eab_policy") ?? "not-required";
    const roles = textsOf(body, "allowed_roles");
    const directory = textOf(body, "default_directory_policy") ?? "sign-verbatim";
    return [
      ...(binding === "always-required"
        ? []
        : [`every client that reaches Vault gets certificates: eab_policy is ${binding}`]),
      ...(directory === "sign-verbatim" && (roles.length === 0 || roles.includes("*"))
        ? ["the default directory signs what it is asked for (sign-verbatim)"]
        : []),
    ];
  }),
};
