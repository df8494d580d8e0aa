import { durationOf } from "../../constructs/policy/durations";
import { Unknown, hasUnknown, isUnknown } from "./unknown";

/**
 * Argument as its consumer reads it: the value, `Unknown` if only Terraform knows it or the consumer would refuse it, or
 * undefined if it is absent. Accepts values with `Unknown`s, and the symbolic texts of `attributes`.
 */
export type Reading<T> = T | Unknown | undefined;

const TRUE = ["1", "t", "T", "TRUE", "true", "True"];
const FALSE = ["0", "f", "F", "FALSE", "false", "False", ""];

/**
 * Reads a switch as Vault does, which accepts what Go's `strconv.ParseBool` accepts, and numbers.
 * @see https://pkg.go.dev/strconv#ParseBool
 */
export function readBoolean(value: unknown): Reading<boolean> {
  return read(value, (known) => {
    if (typeof known === "boolean") return known;
    if (typeof known === "number") return known !== 0;
    return TRUE.includes(known) ? true : FALSE.includes(known) ? false : undefined;
  });
}

/** Reads a number, which may be written as a text. */
export function readNumber(value: unknown): Reading<number> {
  return read(value, (known) => {
    if (typeof known !== "string") return typeof known === "number" ? known : undefined;
    return /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(known) ? Number(known) : undefined;
  });
}

/** Reads a duration as Vault does: seconds, or a text such as `90`, `1h30m` or `7d`. @returns seconds */
export function readSeconds(value: unknown): Reading<number> {
  return read(value, (known) => (typeof known === "boolean" ? undefined : durationOf(known)));
}

/** Reads a text. Numbers and switches are converted, as Terraform converts them. */
export function readText(value: unknown): Reading<string> {
  return read(value, String);
}

/**
 * Reads a list of texts. A single value is a list with one element.
 * @param separator splits each text, as Vault splits lists that it accepts as a text @default - texts stay whole
 */
export function readList(value: unknown, separator?: string): Reading<readonly string[]> {
  if (value === undefined || value === null) return undefined;
  const texts: string[] = [];
  for (const item of Array.isArray(value) ? (value as unknown[]).flat(Infinity) : [value]) {
    const text = readText(item);
    if (isUnknown(text)) return unknownFrom(value);
    if (text === undefined) continue;
    const parts = separator === undefined ? [text] : text.split(separator).map((part) => part.trim());
    texts.push(...(separator === undefined ? parts : parts.filter((part) => part !== "")));
  }
  return texts;
}

function read<T>(value: unknown, convert: (value: string | number | boolean) => T | undefined): Reading<T> {
  if (value === undefined || value === null) return undefined;
  if (hasUnknown(value) || typeof value === "object") return unknownFrom(value);
  const result = convert(value as string | number | boolean);
  return result === undefined ? unknownFrom(value) : result;
}

/** Unknown value with the symbol or the text of the value. */
function unknownFrom(value: unknown): Unknown {
  if (isUnknown(value)) return value;
  return new Unknown(typeof value === "object" ? JSON.stringify(value) : String(value));
}
