/** A problem that was found, as far as it tells what can still be read. */
export interface Flaw {
  readonly code?: string;
  /** @default - it is of the whole */
  readonly path?: readonly PropertyKey[];
}

/** Of an object or a list: what is in it can be read all the same. */
const OF_A_WHOLE = ["unrecognized_keys", "too_small", "too_big", "custom"];

class Unreadable extends Error {}

/** What views are of. */
const originals = new WeakMap<object, object>();

/**
 * A view of a value that has flaws. Whoever reads what is flawed is stopped, so that a check never judges by what is
 * wrong itself; everything else reads as usual.
 * @returns nothing when the whole is flawed
 */
export function readable<T>(value: T, flaws: readonly Flaw[]): T | undefined {
  const unreadable = new Set(flaws.filter((flaw) => hides(value, flaw)).map(({ path = [] }) => keyOf(path)));
  if (unreadable.size === 0) return value;
  return unreadable.has(keyOf([])) ? undefined : view(value, [], unreadable);
}

/** Does something with a view, unless it comes upon what cannot be read. */
export function whereReadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

/** What a view is of, flaws and all: to be shown and not to be judged. */
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
