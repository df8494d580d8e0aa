/** A problem of a value, which makes a part of the value unreadable. */
export interface Flaw {
  /** Code of the issue in zod. */
  readonly code?: string;
  /** Path of the invalid part. @default - the whole value is invalid */
  readonly path?: readonly PropertyKey[];
}

/** Codes of problems that concern an object or list as a whole. Its entries remain readable. */
const OF_A_WHOLE = ["unrecognized_keys", "too_small", "too_big", "custom"];

class Unreadable extends Error {}

/** Original value of each view. */
const originals = new WeakMap<object, object>();

/**
 * View of a value with flaws. Reading a flawed part throws an error, so that a check never evaluates an invalid value.
 * All other parts read as usual.
 * @returns undefined if the whole value is flawed
 */
export function readable<T>(value: T, flaws: readonly Flaw[]): T | undefined {
  const unreadable = new Set(flaws.filter((flaw) => hides(value, flaw)).map(({ path = [] }) => keyOf(path)));
  if (unreadable.size === 0) return value;
  return unreadable.has(keyOf([])) ? undefined : view(value, [], unreadable);
}

/** Calls a function that reads views. @returns undefined if it reads an unreadable part */
export function whereReadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

/** Original value of a view, with its flaws. Use it in messages, not in checks. */
export function original<T>(value: T): T {
  return isCompound(value) ? ((originals.get(value) as T | undefined) ?? value) : value;
}

function hides(value: unknown, { code = "", path = [] }: Flaw): boolean {
  const at = path.reduce<unknown>(
    (it, key) => (it as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
  return !(isCompound(at) && OF_A_WHOLE.includes(code));
}

function view<T>(value: T, path: readonly PropertyKey[], unreadable: ReadonlySet<string>): T {
  if (!isCompound(value)) return value;
  const proxy = new Proxy(value, {
    get(target, key) {
      const at = [...path, key];
      if (typeof key === "string" && unreadable.has(keyOf(at))) throw new Unreadable();
      return view(Reflect.get(target, key) as unknown, at, unreadable);
    },
  });
  originals.set(proxy, value);
  return proxy;
}

function isCompound(value: unknown): value is object {
  return Array.isArray(value) || Object.prototype.toString.call(value) === "[object Object]";
}

function keyOf(path: readonly PropertyKey[]): string {
  return JSON.stringify(path.map(String));
}
