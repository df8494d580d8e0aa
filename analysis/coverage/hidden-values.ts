import type { ModelBlock } from "../terraform/synthesized";

/** Local values and defaults of variables by their references, for example local.team, of one stack. */
export type Scope = ReadonlyMap<string, string>;

/** Scopes of all stacks. */
export function scopesOf(blocks: readonly ModelBlock[]): Map<string, Scope> {
  const scopes = new Map<string, Map<string, string>>();
  for (const { stack, kind, name, attributes } of blocks) {
    const values =
      kind === "locals"
        ? Object.entries(attributes).map(([local, value]): [string, unknown] => [`local.${local}`, value])
        : kind === "variable"
          ? [[`var.${name}`, attributes.default] as const]
          : [];
    const scope = scopes.get(stack) ?? new Map<string, string>();
    for (const [reference, value] of values) scope.set(reference, JSON.stringify(value) ?? "");
    scopes.set(stack, scope);
  }
  return scopes;
}

/**
 * Adds the values of locals and variables to expressions that could not be evaluated, so that a changed value is seen
 * although the expression is the same.
 * @returns the same object if there are none
 */
export function withHiddenValues(contents: object, scope: Scope = new Map()): object {
  const found = JSON.stringify(contents);
  const text = found.replaceAll(/\{\{terraform [^{}]*\}\}/g, (symbol) => {
    const references = [...symbol.matchAll(/\b(local|var)\.[\w-]+/g)].map(([reference]) => reference);
    const values = references.map((reference) => `${reference}=${scope.get(reference) ?? ""}`);
    return values.length > 0 ? symbol + JSON.stringify(values.join()).slice(1, -1) : symbol;
  });
  return text === found ? contents : (JSON.parse(text) as object);
}
