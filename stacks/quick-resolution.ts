import { type ResolveOptions, Token, Tokenization } from "cdktf";

/**
 * Has the engine resolve only what holds a reference. It takes the same steps for every key and value of every
 * resource, three times a resource, and nearly all of them are plain: this is most of the time of a large program.
 */
export function withQuickResolution<T>(work: () => T): T {
  const original = Tokenization.resolve;
  Tokenization.resolve = (value, options) => resolveQuickly(value, options, original);
  try {
    return work();
  } finally {
    Tokenization.resolve = original;
  }
}

type Resolve = typeof Tokenization.resolve;

function resolveQuickly(value: unknown, options: ResolveOptions, resolve: Resolve): unknown {
  try {
    return resolvePlain(value, (part) => resolve(part, options));
  } catch {
    // The engine's messages say where in the whole a value stands.
    return resolve(value, options);
  }
}

function resolvePlain(value: unknown, resolve: (part: unknown) => unknown): unknown {
  switch (typeof value) {
    case "boolean":
    case "undefined":
      return value;
    case "string":
      return mayHoldReference(value) ? resolve(value) : value;
    case "number":
      return isPlainNumber(value) ? value : resolve(value);
    case "object":
      if (value === null) return null;
      if (Array.isArray(value)) return resolveArray(value, resolve);
      if (Object.getPrototypeOf(value) === Object.prototype) return resolveObject(value, resolve);
  }
  return resolve(value);
}

function resolveArray(array: readonly unknown[], resolve: (part: unknown) => unknown): unknown {
  // One element may stand for a whole list.
  if (array.some((it) => (typeof it === "string" && mayHoldReference(it)) || isOddNumber(it)))
    return resolve(array);
  return array.map((it) => resolvePlain(it, resolve)).filter((it) => it !== undefined);
}

function resolveObject(object: object, resolve: (part: unknown) => unknown): unknown {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(object)) {
    // One key may stand for a whole map, and an object with this function is a reference itself.
    if (mayHoldReference(key) || (key === "resolve" && typeof value === "function")) return resolve(object);
    const resolved = resolvePlain(value, resolve);
    if (resolved !== undefined) result[key] = resolved;
  }
  return result;
}

/** References are hidden in texts as `${TfToken[...]}`, or as a number of this size. */
const REFERENCE = /TfToken\[|e\+\d/i;

function mayHoldReference(text: string): boolean {
  return REFERENCE.test(text) || text === Token.STRING_MAP_TOKEN_VALUE || text === Token.ANY_MAP_TOKEN_VALUE;
}

/** Numbers that hide references are far greater, and one below zero stands for a map. */
function isPlainNumber(number: number): boolean {
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER && number !== Token.NUMBER_MAP_TOKEN_VALUE;
}

function isOddNumber(value: unknown): boolean {
  return typeof value === "number" && !isPlainNumber(value);
}
