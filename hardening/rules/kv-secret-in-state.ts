import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Reports KV secrets with data in Terraform's state. */
export const kvSecretInState: Rule = {
  id: "kv-secret-in-state",
  level: "error",
  title: "Terraform writes secrets into Vault without keeping them",
  item: "secrets-in-state",
  fix: "Use data_json_wo with its version, as KeyValueSecret does, or write the secret by vault kv put.",
  source: "https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only",
  check: forResources(["vault_kv_secret", "vault_kv_secret_v2", "vault_generic_secret"], ({ body }) =>
    body.data_json === undefined ? [] : ["data_json of the secret is kept in the state"],
  ),
};
