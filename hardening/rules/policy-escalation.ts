import { denies, overlap, writes } from "../readers/policies";
import type { Rule } from "../rule";
import { forPolicies } from "../subjects";

/** Whoever writes here can give rights, to himself as well. */
const ESCALATIONS = [
  "sys/policies/+/+",
  "sys/policy/+",
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

/** These have a rule of their own. Beside `*`, which reports it all, a narrower path gives nothing more. */
const WHOLE = /^[^/]*[*+]/;

export const policyEscalation: Rule = {
  id: "policy-escalation",
  level: "error",
  title: "No policy lets its holder give rights",
  item: "least-privilege",
  fix: "Leave policies, auth roles and identities to Terraform, or accept it with a reason.",
  source: "https://developer.hashicorp.com/vault/docs/concepts/policies",
  check: forPolicies(({ paths }) => {
    const writing = paths.filter((rule) => writes(rule) && !denies(rule));
    if (writing.some(({ path }) => path === "*")) return [];
    return writing
      .filter(({ target }) => !WHOLE.test(target.path))
      .flatMap(({ path, targets }) => {
        const given = ESCALATIONS.find((escalation) => targets.some((it) => overlap(it.path, escalation)));
        return given ? [`writing ${path} gives rights (${given})`] : [];
      });
  }),
};
