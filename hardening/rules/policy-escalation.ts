import { reachesUnnamedMounts } from "../../constructs/policy/patterns";
import { ESCALATION_PATHS, reaches } from "../../constructs/policy/sensitive-paths";
import { denies, writes } from "../readers/policies";
import type { Rule } from "../rule";
import { forPolicies } from "../subjects";

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
        const given = ESCALATION_PATHS.find((escalation) =>
          targets.some((it) => reaches(it.path, escalation.path)),
        );
        return given ? [`writing ${path} gives rights (${given.path})`] : [];
      });
  }),
};
