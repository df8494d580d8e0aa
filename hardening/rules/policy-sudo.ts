import { covers } from "../../constructs/policy/patterns";
import { type PolicyPath, denies } from "../readers/policies";
import type { Rule } from "../rule";
import { forPolicies } from "../subjects";

/** Paths on which Vault requires sudo for read access. */
const LOOKS = [
  "sys/audit",
  "sys/auth/*",
  "sys/leases/lookup/*",
  "auth/token/accessors",
  "auth/token/accessors/",
];

/** Reports policies that grant sudo for more than read access. */
export const policySudo: Rule = {
  id: "policy-sudo",
  level: "error",
  title: "No policy gives sudo",
  item: "least-privilege",
  fix: "Take sudo out, or accept it with a reason on the policy of those who administer Vault.",
  source: "https://developer.hashicorp.com/vault/docs/concepts/policies#root-protected-api-endpoints",
  check: forPolicies(({ paths }) =>
    paths
      .filter((rule) => rule.capabilities.includes("sudo") && !denies(rule) && !onlyLooks(rule))
      .map(({ path }) => `sudo on ${path} opens what Vault protects as root's`),
  ),
};

function onlyLooks({ target: { path }, capabilities }: PolicyPath): boolean {
  const reads = capabilities.every((it) => ["read", "list", "sudo"].includes(it));
  return reads && LOOKS.some((look) => covers(look, path));
}
