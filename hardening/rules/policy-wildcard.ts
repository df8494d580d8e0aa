import { covers, reachesUnnamedMounts } from "../../constructs/policy/patterns";
import { denies } from "../readers/policies";
import type { Rule } from "../rule";
import { forPolicies } from "../subjects";

/** What Vault itself keeps. */
const OWN_APIS = ["sys/+", "auth/+", "identity/+"];

export const policyWildcard: Rule = {
  id: "policy-wildcard",
  level: "error",
  title: "No policy reaches every mount or all of Vault's own API",
  item: "least-privilege",
  fix: "Name the mounts, or accept it with a reason on the policy of those who administer Vault.",
  source: "https://developer.hashicorp.com/vault/docs/concepts/policies#policy-syntax",
  check: forPolicies(({ paths }) =>
    paths
      .filter((rule) => isWhole(rule.target.path) && !denies(rule))
      .map(({ path, capabilities }) => `${path} gives ${capabilities.join(", ")} nearly everywhere`),
  ),
};

/** Everything, every mount, or all of an API of Vault's own. */
function isWhole(path: string): boolean {
  return reachesUnnamedMounts(path) || OWN_APIS.some((api) => covers(path, api));
}
