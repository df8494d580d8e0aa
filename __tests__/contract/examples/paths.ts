/** Position of a value in a list of arguments: the argument's index, then keys and indices below it. */
export type Path = readonly (string | number)[];

/** Properties with user-defined keys and arbitrary values. */
const FREE: readonly string[] = ["helmValues", "chartValues", "spec", "values"];

/** Properties with user-defined keys. */
const RECORDS: readonly string[] = [
  ...["labels", "annotations", "podLabels", "environment", "texts", "variables", "keys"],
  ...["boundClaims", "claimMappings", "allowedParameters", "deniedParameters"],
];

/** References to existing objects. Other examples show the properties that they require. */
const OPAQUE: readonly string[] = ["vault", "identity", "results", "passwordPolicy"];

/** Returns true for an object literal. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Returns true for an object with arbitrary keys. */
export function isFreeForm(path: Path, name: string): boolean {
  return path.some((key) => FREE.includes(key as string)) || RECORDS.includes(name);
}

/** Kind of a value: `typeof`, except that lists, object literals and class instances are distinguished. */
export function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "list";
  if (isPlain(value)) return "object";
  return typeof value === "object" ? "instance" : typeof value;
}

/** Paths of every argument, property and first item of a list, parents before children. */
export function pathsOf(value: unknown, path: Path = []): Path[] {
  const isLeaf = path.some((key) => FREE.includes(key as string) || OPAQUE.includes(key as string));
  const own = path.length > 0 ? [path] : [];
  if (isLeaf) return own;
  if (Array.isArray(value)) {
    const items = path.length === 0 ? value : value.slice(0, 1);
    return [...own, ...items.flatMap((item, index) => pathsOf(item, [...path, index]))];
  }
  if (!isPlain(value)) return own;
  return [...own, ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]))];
}

/** Value at a path. */
export function valueAt(value: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined) return value;
  return valueAt((value as Record<string | number, unknown> | undefined)?.[key], rest);
}

/** Copy with another value at the path. */
export function withValue(value: unknown, [key, ...rest]: Path, other: unknown): unknown {
  if (key === undefined) return other;
  if (Array.isArray(value)) {
    const copy = [...(value as unknown[])];
    copy[key as number] = withValue(copy[key as number], rest, other);
    return copy;
  }
  const object = value as Record<string, unknown>;
  return { ...object, [key]: withValue(object[key], rest, other) };
}
