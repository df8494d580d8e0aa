import { texts } from "../readers/blocks";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Reports AWS auth roles that are not bound, or are bound by wildcards. */
export const awsRoleWildcard: Rule = {
  id: "aws-role-wildcard",
  level: "error",
  title: "AWS auth roles name their principals exactly",
  item: "least-privilege",
  fix: "Name the ARN of one role, as AwsAuthRole does.",
  source: "https://developer.hashicorp.com/vault/docs/auth/aws",
  check: forResources(["vault_aws_auth_backend_role"], ({ body }) => {
    const bound = Object.entries(body).filter(([name]) => name.startsWith("bound_"));
    return [
      ...(bound.length === 0 ? ["the role is bound to nothing"] : []),
      ...bound
        .flatMap(([, value]) => texts(value))
        .filter((value) => /[*?]/.test(value))
        .map((value) => `the role admits everybody that matches ${value}`),
    ];
  }),
};
