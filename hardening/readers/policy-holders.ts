import { received } from "../../constructs/core/received";
import type { Element } from "../element";
import { memo } from "../memo";
import { NotJudged } from "../not-judged";
import type { Platform } from "../platform";
import { text, texts } from "./blocks";
import { type VaultPolicy, policiesOf } from "./policies";
import { isUnknown, known } from "./values";
import { vaultNamespaceOf } from "./vault-namespaces";

/** Arguments that give policies to an identity. */
const ARGUMENTS = ["token_policies", "policies"];

/** Names of the policies that a role, a group or an entity gets, except `default`. @throws NotJudged for an unknown name */
export function policyNamesOf(element: Element): string[] {
  const names = ARGUMENTS.flatMap((argument) => {
    const list = element.body[argument];
    return isUnknown(list) && policyOf(element, list) === undefined ? known(argument, [list]) : texts(list);
  });
  return [...new Set(names.map((name) => nameOf(element, name)))].filter((name) => name !== "default");
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
    for (const policy of policiesOf(element)) {
      const name = element.type === "vault_policy" ? (text(element.body.name) ?? "") : policy.name;
      const key = `${vaultNamespaceOf(element)} ${name.toLowerCase()}`;
      byName.set(key, [...(byName.get(key) ?? []), policy]);
    }
  }
  return byName;
});

function nameOf(element: Element, value: string): string {
  const policy = policyOf(element, value);
  return known("the name of a policy", policy ? (text(policy.body.name) ?? "") : value).toLowerCase();
}

/** Policy that a reference names, such as `${vault_policy.Deploy.name}`. */
function policyOf({ platform }: Element, value: string): Element | undefined {
  const name = /^\$\{vault_policy\.([\w-]+)\.(?:name|id)\}$/.exec(value)?.[1];
  return name === undefined
    ? undefined
    : platform.resources("vault_policy").find((element) => element.name === name);
}
