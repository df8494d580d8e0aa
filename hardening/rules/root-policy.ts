import { textsOf } from "../readers/values";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Reports auth roles and other resources with the policy root. */
export const rootPolicy: Rule = {
  id: "root-policy",
  level: "error",
  title: "Nobody is given the policy root",
  item: "root-token",
  fix: "Grant what is needed by a policy of its own.",
  source: "https://developer.hashicorp.com/vault/docs/concepts/policies#root-policy",
  check: forResources(/^vault_/, ({ values: body, type }) =>
    ["policies", "token_policies", "allowed_policies"]
      .filter((name) => textsOf(body, name).some((policy) => policy.trim().toLowerCase() === "root"))
      .map((name) => `${name} of the ${type.replace(/^vault_/, "").replaceAll("_", " ")} has root`),
  ),
};
