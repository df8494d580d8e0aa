import { covers, reachesUnnamedMounts } from "../../constructs/policy/patterns";
import { denies } from "../readers/policies";
import type { Rule } from "../rule";
import { forPolicies } from "../subjects";

/** System paths of Vault. */
const OWN_APIS = ["sys/+", "auth/+", "identity/+"];

/** Reports policies that cover every mount or a whole system API of Vault. */
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

/** Returns true for every path, every mount, or a whole system API of Vault. */
function isWhole(path: string): boolean {
  return reachesUnnamedMounts(path) || OWN_APIS.some((api) => covers(path, api));
}
