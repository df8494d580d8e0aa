import { Acl } from "../../constructs/policy/acl";
import { depth, freshValue, samples, showTemplates } from "../../constructs/policy/patterns";
import type { Constraints, PathRule } from "../../constructs/policy/vault-policy";
import { VAULT_CAPABILITIES } from "../../constructs/policy/vault-policy";

/**
 * Rules that allow everything that one of two texts of a policy allows. It is unknown which of them Vault has, so a
 * denial counts only if both texts have it.
 */
export function eitherRules(one: readonly PathRule[], other: readonly PathRule[]): PathRule[] {
  const acls = [one, other].map((rules) => new Acl([{ name: "policy", rules }], freshValue));
  const patterns = [...new Set(acls.flatMap(({ permissions }) => permissions.map(({ pattern }) => pattern)))];
  const most = Math.max(0, ...patterns.map(depth)) + 1;
  return patterns.map((pattern): PathRule => {
    const decided = samples(pattern, pattern, most).flatMap(({ path }) =>
      acls.flatMap((acl) => acl.decide(path, "other") ?? []),
    );
    const granting = decided.filter(({ capabilities }) => !capabilities.includes("deny"));
    const granted = granting.flatMap(({ capabilities }) => capabilities);
    const path = showTemplates(pattern);
    if (granted.length === 0) return { path, capabilities: ["deny"] };
    const [first, ...others] = granting.map(constraintsOf);
    const isCommon = others.every((constraints) => JSON.stringify(constraints) === JSON.stringify(first));
    const capabilities = VAULT_CAPABILITIES.filter((capability) => granted.includes(capability));
    return { path, capabilities, ...(isCommon && first) };
  });
}

function constraintsOf({
  allowedParameters,
  deniedParameters,
  requiredParameters,
  minWrappingTtl,
  maxWrappingTtl,
  mfaMethods,
  controlGroup,
}: Constraints): Constraints {
  return {
    ...(allowedParameters && { allowedParameters }),
    ...(deniedParameters && { deniedParameters }),
    ...(requiredParameters && { requiredParameters }),
    ...(minWrappingTtl !== undefined && { minWrappingTtl }),
    ...(maxWrappingTtl !== undefined && { maxWrappingTtl }),
    ...(mfaMethods && { mfaMethods }),
    ...(controlGroup && { controlGroup }),
  };
}
