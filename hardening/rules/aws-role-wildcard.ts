import { textsOf } from "../readers/values";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Bindings that every role or instance of an account, network or region meets. */
const BROAD = ["bound_account_ids", "bound_regions", "bound_vpc_ids", "bound_subnet_ids", "bound_ami_ids"];

/** Reports AWS auth roles that are not bound, or are bound by wildcards. */
export const awsRoleWildcard: Rule = {
  id: "aws-role-wildcard",
  level: "error",
  title: "AWS auth roles name their principals exactly",
  item: "least-privilege",
  fix: "Name the ARN of one role, as AwsAuthRole does.",
  source: "https://developer.hashicorp.com/vault/docs/auth/aws",
  check: forResources(["vault_aws_auth_backend_role"], ({ values: body }) => {
    const bound = Object.entries(body).filter(
      ([name, value]) => name.startsWith("bound_") && [value].flat().length > 0,
    );
    return [
      ...(bound.length === 0 ? ["the role is bound to nothing"] : []),
      ...(bound.length > 0 && bound.every(([name]) => BROAD.includes(name))
        ? [
            `the role is bound to ${bound.map(([name]) => name).join(" and ")} alone, which all roles and instances there have`,
          ]
        : []),
      ...bound
        .flatMap(([name]) => textsOf(body, name))
        .filter((value) => /[*?]/.test(value))
        .map((value) => `the role admits everybody that matches ${value}`),
    ];
  }),
};
