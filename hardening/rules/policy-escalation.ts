import { overlap, reachesUnnamedMounts } from "../../constructs/policy/patterns";
import { denies, writes } from "../readers/policies";
import type { Rule } from "../rule";
import { forPolicies } from "../subjects";

/** Paths whose write access allows privilege escalation. */
export const ESCALATIONS = [
  // Vault finds names that have a slash at an end as those without.
  "sys/policies/+/*",
  "sys/policy/*",
  "sys/auth/+",
  "auth/+/role/+",
  "auth/+/roles/+",
  "auth/+/users/+",
  "auth/+/groups/+",
  "auth/+/map/+/+",
  "auth/+/config",
  "identity/entity*",
  "identity/group*",
];

export const policyEscalation: Rule = {
  id: "policy-escalation",
  level: "error",
  title: "No policy lets its holder give rights",
  item: "least-privilege",
  fix: "Leave policies, auth roles and identities to Terraform, or accept it with a reason.",
  source: "https://developer.hashicorp.com/vault/docs/concepts/policies",
  check: forPolicies(({ paths }) => {
    const writing = paths.filter((rule) => writes(rule) && !denies(rule));
    // Wildcards over mounts have a rule of their own. Beside `*`, a narrower path gives nothing more.
    if (writing.some(({ path }) => path === "*")) return [];
    return writing
      .filter(({ target }) => !reachesUnnamedMounts(target.path))
      .flatMap(({ path, targets }) => {
        const given = ESCALATIONS.find((escalation) => targets.some((it) => overlap(it.path, escalation)));
        return given ? [`writing ${path} gives rights (${given})`] : [];
      });
  }),
};
