import { type HclBlock, type HclEntry, renderHcl } from "../core/hcl";
import { isLiteral } from "../core/tokens";
import { covers } from "./patterns";
import { byPrecedence, isWildcard } from "./precedence";
import { VAULT_CAPABILITIES, type VaultCapability } from "./vault-policy";

type ParameterLists = Readonly<Record<string, readonly string[]>>;

/** Rule to render. */
export interface WrittenRule {
  /** Path or pattern of the rule. */
  readonly path: string;
  /** Capabilities that the rule grants. */
  readonly capabilities: readonly VaultCapability[];
  /** Allowed parameters, with their allowed values. @default - any parameter */
  readonly allowedParameters?: ParameterLists;
  /** Denied parameters, with their denied values. @default - none */
  readonly deniedParameters?: ParameterLists;
  /** Parameters that a request must contain. @default - none */
  readonly requiredParameters?: readonly string[];
  /** Removes permissions that wider rules grant. @default false - rules add up */
  readonly narrows?: boolean;
}

/**
 * Renders a policy: one block per path in the order of the first grant, with capabilities in a fixed order.
 *
 * Grants add up, even if the path of one lies within the path of another. Vault applies only the most specific block.
 * That block therefore includes the capabilities of the wider ones, up to the first that denies, constrains or narrows.
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
  // HCL reads ${ in a string as the start of an expression. Tokens stay: Terraform resolves them.
  return text.replace(/\$\{(?!TfToken\[)/g, "\\u0024{");
}

/** Returns true if a pattern covers another one and more. Tokens are not compared: only Terraform knows them. */
export function isWider(wide: string, narrow: string): boolean {
  return wide !== narrow && isLiteral(wide) && isLiteral(narrow) && covers(wide, narrow);
}

/** Entries of a rule in addition to its capabilities. */
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
  // Quoted, because * is also a valid name.
  const body = names.map((name): HclEntry => [JSON.stringify(name), [...values[name]].sort()]);
  return body.length === 0 ? [] : [{ type, body }];
}
