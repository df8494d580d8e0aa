import { createHash } from "node:crypto";

/** Start of the symbol of an unknown value. */
const OPENING = "{{terraform ";

/**
 * Value that only Terraform knows, such as an attribute that a provider computes, or the result of a function that the
 * analysis does not have. It is neither absent nor false.
 */
export class Unknown {
  /**
   * @param symbol text that represents the value: `{{terraform EXPRESSION}}`, as symbolic as a template of Vault,
   * perhaps with known text around it
   */
  constructor(readonly symbol: string) {}

  /** Unknown value of an expression. */
  static of(expression: string): Unknown {
    return new Unknown(symbolOf(expression));
  }

  /** Element of the value. @param key name of an attribute, or position in a list */
  at(key: string | number): unknown {
    const [, expression] = /^\{\{terraform ([^{}]*)\}\}$/.exec(this.symbol) ?? [];
    const step =
      typeof key === "string" && /^[a-z_][\w-]*$/i.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
    return expression === undefined ? this : Unknown.of(expression + step);
  }

  /** Symbol, so that a text which contains the value stays symbolic. */
  toString(): string {
    return this.symbol;
  }

  /** Symbol, for JSON. */
  toJSON(): string {
    return this.symbol;
  }
}

/** Symbol of an unknown value. @param expression for example vault_mount.Kv.accessor */
export function symbolOf(expression: string): string {
  // Braces and quotes would end the template, or the string that contains it.
  const text = expression
    .replace(/["\\]/g, "'")
    .replace(/[{}\s]+/g, " ")
    .trim();
  return `${OPENING}${text}${isLossy(expression) ? ` #${hashOf(expression)}` : ""}}}`;
}

/** Returns true if another expression can have the same text without braces, quotes and line breaks. */
function isLossy(expression: string): boolean {
  return /[{}\\]/.test(expression) || /"[^"]*('|\s\s|[^\S ])[^"]*"/.test(expression);
}

/** Short hash that tells expressions apart. Spaces between the tokens of an expression have no meaning. */
export function hashOf(expression: string): string {
  const tokens = expression.match(/"(\\.|[^"\\])*"|\S+/g) ?? [];
  return createHash("sha256").update(tokens.join(" ")).digest("hex").slice(0, 8);
}

/** Returns true for an unknown value. */
export function isUnknown(value: unknown): value is Unknown {
  return value instanceof Unknown;
}

/** Returns true if a value, a part of it, or a symbolic text in it is unknown. */
export function hasUnknown(value: unknown): boolean {
  if (typeof value === "string") return value.includes(OPENING);
  if (typeof value !== "object" || value === null) return false;
  return isUnknown(value) || Object.values(value).some(hasUnknown);
}

/** Appends a text to another. A template of Vault cannot contain a symbol, so a symbol loses its braces there. */
export function appendText(text: string, part: string): string {
  const inTemplate = text.lastIndexOf("{{") > text.lastIndexOf("}}");
  return text + (inTemplate ? part.replace(/^\{\{terraform ([^{}]*)\}\}/, "$1") : part);
}

/** Replaces the unknown values of a value by their symbols. */
export function symbolic(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isUnknown(value)) return value.symbol;
  if (Array.isArray(value)) return value.map(symbolic);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, symbolic(item)]));
}
