import { parse as parseYaml } from "yaml";

type Plain = Readonly<Record<string, unknown>>;

/** Lists with an order that has a meaning. The order of all others is ignored. */
const ORDERED =
  /^(command|args|arguments|entry_?[pP]oint|init_container|interpreter|inline|ordered_\w+|scripts|set|values)$/;

/**
 * Paths of the attributes that differ, without positions in lists, for example spec.container.image. Only meaning
 * counts: the order of names, JSON in another format, or one block instead of a list of one make no difference.
 */
export function differencesOf(before: unknown, after: unknown): string[] {
  return [...new Set(compare(canonical(before), canonical(after), []))];
}

/** Values of an attribute, of all blocks of a list. @param path as differencesOf returns it */
export function valuesAt(value: unknown, path: string): string[] {
  const found = path
    .split(".")
    .reduce<unknown[]>(
      (current, part) =>
        current.flatMap((item) => listOf(item)).flatMap((item) => (isPlain(item) ? listOf(item[part]) : [])),
      listOf(canonical(value)),
    );
  return found.map((item) => (typeof item === "string" ? item : text(item)));
}

/** Value in a form that is the same for every notation of it. @param name name of the attribute that holds it */
export function canonical(value: unknown, name = ""): unknown {
  if (typeof value === "string") return fromText(value, name);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "object") return String(value);
  if ("toJSON" in value && typeof value.toJSON === "function") return canonical(value.toJSON(), name);
  if (!Array.isArray(value)) {
    const entries = Object.entries(value)
      .map(([key, item]): [string, unknown] => [key, canonical(item, key)])
      .filter(([, item]) => item !== undefined);
    return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
  }
  const items = value.map((item) => canonical(item, name)).filter((item) => item !== undefined);
  if (items.length === 1 && isPlain(items[0])) return items[0];
  return ORDERED.test(name)
    ? items
    : items
        .map((item) => [text(item), item] as const)
        .sort(byText)
        .map(second);
}

const byText = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]) =>
  one < other ? -1 : one > other ? 1 : 0;
const second = ([, item]: readonly [string, unknown]) => item;

/** Text, or the value that it holds as JSON, or as YAML for the values of a chart. */
function fromText(value: string, name: string): unknown {
  const isYaml = name === "values" && value.includes(":");
  if (!isYaml && !/^\s*[[{]/.test(value)) return value;
  try {
    return canonical(isYaml ? parseYaml(value) : JSON.parse(value));
  } catch {
    return value;
  }
}

function text(value: unknown): string {
  return JSON.stringify(value) ?? "";
}

function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function compare(before: unknown, after: unknown, path: readonly string[]): string[] {
  if (text(before) === text(after)) return [];
  const [was, is] = [listOf(before), listOf(after)];
  if (!was.every(isPlain) || !is.every(isPlain)) return [path.join(".")];
  if (was.length > 1 || is.length > 1) return compareLists(was, is, path);
  const [one = {}, other = {}] = [was[0], is[0]];
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  // An object without contents is there or not.
  if (keys.length === 0) return [path.join(".")];
  return keys.flatMap((key) => compare(one[key], other[key], [...path, key]));
}

/** Compares blocks by their names, and blocks without a name or of a new name by their positions. */
function compareLists(before: readonly Plain[], after: readonly Plain[], path: readonly string[]): string[] {
  const [was, is] = [without(before, after), without(after, before)];
  // The same blocks in another order.
  if (was.length === 0 && is.length === 0) return [path.join(".")];
  const pairs: [Plain | undefined, Plain | undefined][] = is.map((item) => {
    const index = was.findIndex((other) => nameOf(other) === nameOf(item));
    return [index === -1 ? undefined : was.splice(index, 1)[0], item];
  });
  return [...pairs, ...was.map((item): [Plain, undefined] => [item, undefined])].flatMap(([one, other]) =>
    compare(one, other, path),
  );
}

function without(items: readonly Plain[], others: readonly Plain[]): Plain[] {
  const rest = others.map(text);
  return items.filter((item) => {
    const index = rest.indexOf(text(item));
    if (index !== -1) rest.splice(index, 1);
    return index === -1;
  });
}

function nameOf({ name, key, id }: Plain): string {
  return text(name ?? key ?? id);
}

function listOf(value: unknown): unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
