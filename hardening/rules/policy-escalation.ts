import { overlap, reachesUnnamedMounts } from "../../constructs/policy/patterns";
import { denies, writes } from "../readers/policies";
import type { Rule } from "../rule";
import { forPolicies } from "../subjects";

/** Paths on which write access allows privilege escalation. */
export const ESCALATIONS = [
  // Vault also matches names with a trailing slash.
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

/** Reports policies that allow privilege escalation. */
export const policyEscalation: Rule = {
  id: "policy-escalation",
  level: "error",
  title: "No policy lets its holder give rights",
  item: "least-privilege",
  fix: "Leave policies, auth roles and identities to Terraform, or accept it with a reason.",
  source: "https://developer.hashicorp.com/vault/docs/concepts/policies",
  check: forPolicies(({ paths }) => {
    const writing = paths.filter((rule) => writes(rule) && !denies(rule));
    // The rule policy-wildcard covers wildcards over mounts. Beside `*`, a narrower path adds no permission.
    if (writing.some(({ path }) => path === "*")) return [];
    return writing
      .filter(({ target }) => !reachesUnnamedMounts(target.path))
      .flatMap(({ path, targets }) => {
        const given = ESCALATIONS.find((escalation) => targets.some((it) => overlap(it.path, escalation)));
        return given ? [`writing ${path} gives rights (${given})`] : [];
      });
  }),
};
