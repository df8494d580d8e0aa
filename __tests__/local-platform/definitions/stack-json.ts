/** Block of a synthesized stack. */
export type Block = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

/** Synthesized stack. */
export interface StackJson {
  readonly resource?: Record<string, Record<string, Block>>;
  readonly variable?: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
}

/** Terraform reference, or an escaped `$${` or `%%{`. */
const REFERENCE = /\$\$\{|%%\{|\$\{([^{}]+)\}/g;

/**
 * Resource in which references to arguments of the same stack are replaced by their values.
 * @throws Error for any other expression
 */
export function resolved<T>(value: T, stack: StackJson): T {
  if (typeof value === "string") return resolvedText(value, stack) as T;
  if (Array.isArray(value)) return value.map((element) => resolved(element, stack)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, below]) => [key, resolved(below, stack)])) as T;
}

function resolvedText(text: string, stack: StackJson): string {
  return text.replace(REFERENCE, (match, reference?: string) => {
    if (reference === undefined) return match.slice(1);
    const [type, id, ...rest] = reference.replaceAll(/\[(\d+)\]/g, ".$1").split(".");
    const start = type === "var" ? stack.variable?.[id]?.default : stack.resource?.[type]?.[id];
    const found = rest.reduce<unknown>((it, step) => {
      const isBlock = step === "0" && typeof it === "object" && it !== null && !Array.isArray(it);
      return isBlock ? it : (it as Block | undefined)?.[step];
    }, start);
    if (found === undefined) throw new Error(`cannot resolve ${reference}`);
    return resolvedText(String(found), stack);
  });
}
