import { received } from "../../constructs/core/received";
import type { Element } from "../element";
import { memo } from "../memo";
import { NotJudged } from "../not-judged";
import type { Platform } from "../platform";
import { type VaultPolicy, policiesOf } from "./policies";
import { textsOf } from "./values";
import { vaultNamespaceOf } from "./vault-namespaces";

/** Arguments that give policies to an identity. */
const ARGUMENTS = ["token_policies", "policies"];

/** Names of the policies that a role, a group or an entity gets, except `default`. @throws NotJudged for an unknown name */
export function policyNamesOf({ values }: Element): string[] {
  const names = ARGUMENTS.flatMap((argument) => textsOf(values, argument)).map((name) => name.toLowerCase());
  return [...new Set(names)].filter((name) => name !== "default");
}

/**
 * Policies that these stacks write, by the names that an identity has.
 * @throws NotJudged for a policy that is written elsewhere
 */
export function policiesHeldBy(element: Element): VaultPolicy[] {
  const namespace = vaultNamespaceOf(element);
  return policyNamesOf(element).flatMap((name) => {
    if (name === "root") return [];
    const found = policiesIn(element.platform).get(`${namespace} ${name}`);
    if (!found) throw new NotJudged(`these stacks do not write the policy ${received(name)}`);
    return found;
  });
}

/** Policies by namespace and name. Vault converts names to lower case. */
const policiesIn = memo((platform: Platform): Map<string, VaultPolicy[]> => {
  const byName = new Map<string, VaultPolicy[]>();
  for (const element of platform.elements) {
    if (element.block !== "resource") continue;
    for (const policy of knownPolicies(element)) {
      const key = `${vaultNamespaceOf(element)} ${policy.name}`;
      byName.set(key, [...(byName.get(key) ?? []), policy]);
    }
  }
  // Sentinel policies stand beside others in the same argument. They only restrict.
  for (const element of platform.resources("vault_rgp_policy")) {
    const key = `${vaultNamespaceOf(element)} ${String(element.values.name).toLowerCase()}`;
    byName.set(key, byName.get(key) ?? []);
  }
  return byName;
});

/** Policies of an element. One that cannot be read is reported at its element, and missing for its holders. */
function knownPolicies(element: Element): VaultPolicy[] {
  try {
    return policiesOf(element);
  } catch (error) {
    if (error instanceof NotJudged) return [];
    throw error;
  }
}
