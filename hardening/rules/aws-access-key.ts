import type { Rule } from "../rule";
import { all, forElements, forResources } from "../subjects";

/** Reports long-lived AWS access keys, in resources, the provider and Vault. */
export const awsAccessKey: Rule = {
  id: "aws-access-key",
  level: "error",
  title: "Nobody has a long-lived key of AWS",
  item: "static-credentials",
  fix: "Use a role: IRSA in the cluster, OIDC for workflows, an instance's own elsewhere.",
  source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
  check: all(
    forResources(["aws_iam_access_key"], () => ["an access key is made and kept in the state"]),
    forElements(
      ({ block, type }) => block === "provider" && type === "aws",
      ({ body }) =>
        body.access_key === undefined && body.secret_key === undefined
          ? []
          : ["the provider has an access key"],
    ),
    forResources(["vault_aws_secret_backend", "vault_aws_auth_backend_client"], ({ body }) =>
      body.access_key === undefined && body.secret_key === undefined
        ? []
        : ["Vault logs in to AWS by an access key"],
    ),
  ),
};
