import { denies } from "../readers/policies";
import type { Rule } from "../rule";
import { forPolicies } from "../subjects";

/** Matches `secret/*` and `secret/data/*`. The rule policy-wildcard covers Vault's system paths. */
const WHOLE_MOUNT =
  /^(?!(sys|auth|identity|cubbyhole)\/)[^/*+]+\/((data|creds|static-creds|issue|sign|decrypt)\/)?[*+]$/;

/** Reports policies that grant access to all secrets of a mount. */
export const policyWholeMount: Rule = {
  id: "policy-whole-mount",
  level: "warning",
  title: "No policy gives all secrets of a mount",
  item: "least-privilege",
  fix: "Name a prefix below the mount, such as payment-service/*.",
  source: "https://developer.hashicorp.com/vault/docs/concepts/policies",
  check: forPolicies(({ paths }) =>
    paths
      .filter((rule) => WHOLE_MOUNT.test(rule.target.path) && !denies(rule))
      .map(({ path }) => `${path} is every secret of the mount`),
  ),
};
