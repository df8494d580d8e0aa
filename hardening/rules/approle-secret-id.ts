import type { Rule } from "../rule";
import { forResources } from "../subjects";

const SECRETS = ["vault_approle_auth_backend_role_secret_id", "vault_approle_auth_backend_login"];

/** Reports AppRole secret ids and logins, which Terraform keeps in its state. */
export const approleSecretId: Rule = {
  id: "approle-secret-id",
  level: "error",
  title: "Terraform makes no secret id of AppRole",
  item: "static-credentials",
  fix: "Use an auth method in which the platform vouches for the workload: Kubernetes, JWT, AWS.",
  source: "https://developer.hashicorp.com/vault/docs/auth/approle/approle-pattern",
  check: forResources(/^vault_approle_/, ({ type }) =>
    SECRETS.includes(type) ? [`the result of ${type} is kept in the state`] : [],
  ),
};
