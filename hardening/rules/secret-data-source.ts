import type { Rule } from "../rule";
import { forElements } from "../subjects";

/** Data sources with a secret as their result. */
const SECRETS =
  /^(vault_(kv_secret(_v2)?|generic_secret|\w+_(credentials|creds|access_credentials|access_token)|approle_auth_backend_role_id)|aws_secretsmanager_(secret_version|random_password)|aws_ssm_parameter|kubernetes_secret(_v1)?|aws_eks_cluster_auth)$/;

/** Reports data sources that read secrets into Terraform's state. */
export const secretDataSource: Rule = {
  id: "secret-data-source",
  level: "error",
  title: "Terraform reads no secret into its state",
  item: "secrets-in-state",
  fix: "Read it as an ephemeral resource, or let the workload read it from Vault.",
  source: "https://developer.hashicorp.com/terraform/language/manage-sensitive-data/ephemeral",
  check: forElements(
    ({ block }) => block === "data",
    ({ type }) => (SECRETS.test(type) ? [`what ${type} reads is kept in the state`] : []),
  ),
};
