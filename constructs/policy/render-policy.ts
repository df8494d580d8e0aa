import { type HclBlock, type HclEntry, renderHcl } from "../core/hcl";
import { isLiteral } from "../core/tokens";
import { covers } from "./patterns";
import { byPrecedence, isWildcard } from "./precedence";
import { VAULT_CAPABILITIES, type VaultCapability } from "./vault-policy";

type ParameterLists = Readonly<Record<string, readonly string[]>>;

/** A rule to be written. */
export interface WrittenRule {
  readonly path: string;
  readonly capabilities: readonly VaultCapability[];
  /** @default - any parameter */
  readonly allowedParameters?: ParameterLists;
  /** @default - none */
  readonly deniedParameters?: ParameterLists;
  /** @default - none */
  readonly requiredParameters?: readonly string[];
  /** Takes away what wider rules give. @default false - rules add up */
  readonly narrows?: boolean;
}

/**
 * Writes a policy: one block per path in the order of the first grant, capabilities in a fixed order.
 *
 * Grants add up, also where the path of one lies within another's: Vault follows the most specific block alone, so
 * that block gets what the wider ones give, up to the first that denies, constrains or narrows.
 * @see https://developer.hashicorp.com/vault/docs/concepts/policies#priority-matching
 */
export function renderPolicy(rules: readonly WrittenRule[]): string {
  const byPath = new Map<string, WrittenRule[]>();
  for (const rule of rules) {
    const same = byPath.get(rule.path);
    if (same) same.push(rule);
    else byPath.set(rule.path, [rule]);
  }
  const wildcards = [...byPath.keys()].filter((path) => isWildcard(path));
  const adds = (path: string) => {
    const [first] = byPath.get(path)!;
    return !first.capabilities.includes("deny") && !first.narrows && constraints(first).length === 0;
  };
  const given = (path: string): VaultCapability[] => {
    const wider = adds(path) ? wildcards.filter((other) => isWider(other, path)).sort(byPrecedence) : [];
    const end = wider.findIndex((other) => !adds(other));
    return [path, ...wider.slice(0, end < 0 ? undefined : end)].flatMap((each) =>
      byPath.get(each)!.flatMap(({ capabilities }) => capabilities),
    );
  };
  const text = renderHcl(
    [...byPath].map(([path, [first]]): HclBlock => {
      const granted = given(path);
      const capabilities = VAULT_CAPABILITIES.filter((capability) => granted.includes(capability));
      return { type: "path", label: path, body: [["capabilities", capabilities], ...constraints(first)] };
    }),
  );
  // HCL reads ${ in a string as the start of an expression; tokens are Terraform's.
  return text.replace(/\$\{(?!TfToken\[)/g, "\\u0024{");
}

/** Whether a pattern covers another one and more. Of what only Terraform knows, nothing can be said. */
export function isWider(wide: string, narrow: string): boolean {
  return wide !== narrow && isLiteral(wide) && isLiteral(narrow) && covers(wide, narrow);
}

/** Entries of a rule beside its capabilities. */
export function constraints(rule: WrittenRule): HclEntry[] {
  const { allowedParameters, deniedParameters, requiredParameters } = rule;
  return [
    ...parameterBlock("allowed_parameters", allowedParameters),
    ...parameterBlock("denied_parameters", deniedParameters),
    ...(requiredParameters?.length ? [["required_parameters", [...requiredParameters].sort()] as const] : []),
  ];
}

function parameterBlock(type: string, values: ParameterLists = {}): HclBlock[] {
  const names = Object.keys(values).sort();
  // Quoted, because * is a name as well.
  const body = names.map((name): HclEntry => [JSON.stringify(name), [...values[name]].sort()]);
  return body.length === 0 ? [] : [{ type, body }];
}
