import { Unknown } from "../unknown";

/** Failure of an expression that Terraform would not evaluate either. `try` and `can` catch it. */
export class EvaluationError extends Error {}

/** Text of a number, without an exponent. */
export function numberText(value: number): string {
  const [mantissa, exponent] = String(value).split("e");
  if (exponent === undefined) return mantissa;
  if (Number(exponent) > 0) return BigInt(value).toString();
  const [, sign, digits] = /^(-?)(.*)$/.exec(mantissa.replace(".", ""))!;
  return `${sign}0.${"0".repeat(-Number(exponent) - 1)}${digits}`;
}

/** Converts a value as Terraform converts an argument of the type string. */
export function toText(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return numberText(value);
  if (typeof value === "boolean") return String(value);
  throw new EvaluationError("a string is required");
}

/** Converts a value as Terraform converts an argument of the type number. */
export function toNumber(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "string" && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) return Number(value);
  throw new EvaluationError("a number is required");
}

/** Converts a value as Terraform converts an argument of the type bool. */
export function toBoolean(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  if (value === "true" || value === "1") return true;
  if (value === "false" || value === "0") return false;
  throw new EvaluationError("a bool is required");
}

/** List, tuple or set. */
export function toItems(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new EvaluationError("a list is required");
}

/** Object or map. */
export function toObject(value: unknown): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value;
  throw new EvaluationError("a map is required");
}

/** Returns true for a value that is an object or map. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Unknown);
}

/** Entries of a collection with their keys, in Terraform's order: positions of a list, sorted keys of an object. */
export function entriesOf(value: unknown): [key: string | number, value: unknown][] {
  if (value instanceof TerraformSet) return value.map((item) => [toText(item), item]);
  if (Array.isArray(value)) return [...value.entries()];
  return sortedEntries(toObject(value));
}

/** Entries of an object in the order of their keys. */
export function sortedEntries(value: Readonly<Record<string, unknown>>): [key: string, value: unknown][] {
  return Object.entries(value).sort(([a], [b]) => compareTexts(a, b));
}

/** Order of texts by their bytes. */
export function compareTexts(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Values with one type: if they are primitives of several types, they become strings. */
export function unified(values: readonly unknown[]): readonly unknown[] {
  const types = new Set(values.filter((value) => value !== null).map((value) => typeof value));
  if (types.size < 2) return values;
  return values.map((value) => (value === null || typeof value === "object" ? value : toText(value)));
}

/** Returns true for Latin-1. Terraform normalizes other texts, and counts several of their characters as one. */
export function isLatin(text: string): boolean {
  return /^[\0-\x0c\x0e-\xff]*$/.test(text);
}

/** Returns true if Terraform, which computes with more digits, has the same number. @param text source of the number */
export function isExact(value: number, text = ""): boolean {
  if (text.replace(/e.*$|\D/gi, "").length > 15) return false;
  if (Number.isInteger(value)) return Number.isSafeInteger(value);
  const [digits] = value.toPrecision(15).split("e");
  return digits.replace(/\D/g, "").replace(/^0+|0+$/g, "").length <= 12;
}

/** Returns true for two values that are equal in Terraform: of one type, and with equal parts. */
export function areEqual(a: unknown, b: unknown): boolean {
  if (typeof a === "string" && typeof b === "string") return a.normalize() === b.normalize();
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => areEqual(item, b[index]));
  if (!isObject(a) || !isObject(b)) return a === b;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && areEqual(a[key], b[key]))
  );
}

/** Values without those that are equal to an earlier one. */
export function withoutDuplicates(values: readonly unknown[]): unknown[] {
  const seen = new Set<string>();
  return values.filter((value) => {
    const key = jsonText(value);
    return !seen.has(key) && seen.add(key);
  });
}

/** Set: a list in which each element is its key. */
export class TerraformSet extends Array<unknown> {
  /** Derived lists are not sets. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

/** Values as a set: of one type, without duplicates, in Terraform's order. */
export function toSet(values: readonly unknown[]): TerraformSet {
  const items = withoutDuplicates(unified(values)).sort((a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b : compareTexts(textForOrder(a), textForOrder(b)),
  );
  const set = new TerraformSet();
  set.push(...items);
  return set;
}

function textForOrder(value: unknown): string {
  return typeof value === "string" ? value : jsonText(value);
}

/** Text that `jsonencode` returns: keys in order, and `<`, `>`, `&` escaped. */
export function jsonText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonText).join(",")}]`;
  if (isObject(value)) {
    const entries = sortedEntries(value).map(([key, item]) => `${jsonText(key)}:${jsonText(item)}`);
    return `{${entries.join(",")}}`;
  }
  if (typeof value === "number") return numberText(value);
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
