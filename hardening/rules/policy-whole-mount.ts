import { denies } from "../readers/policies";
import type { Rule } from "../rule";
import { forPolicies } from "../subjects";

/** `secret/*` and `secret/data/*`; what Vault itself keeps has a rule of its own. */
const WHOLE_MOUNT =
  /^(?!(sys|auth|identity|cubbyhole)\/)[^/*+]+\/((data|creds|static-creds|issue|sign|decrypt)\/)?[*+]$/;

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
