import {
  EvaluationError,
  compareTexts,
  isLatin,
  toItems,
  toNumber,
  toObject,
  toText,
} from "../expressions/conversions";
import { format, formatList } from "./format";
import type { Functions } from "./function";

/** Functions on strings, for known arguments. */
export const TEXT_FUNCTIONS: Functions = {
  chomp: (text) => toText(text).replace(/(\r?\n)+$/, ""),
  endswith: (text, end) => toText(text).endsWith(toText(end)),
  format: (pattern, ...args) => format(toText(pattern), args),
  formatlist: (pattern, ...args) => formatList(toText(pattern), args),
  indent: (spaces, text) => toText(text).replaceAll("\n", `\n${" ".repeat(toNumber(spaces))}`),
  join: (separator, ...lists) => lists.flatMap(toItems).map(toText).join(toText(separator)),
  lower: latin((text) => text.toLowerCase()),
  regex: (pattern, text) => {
    const found = regularExpression(pattern, toText(text), "u")?.exec(toText(text));
    if (found === null) throw new EvaluationError("the pattern matches nothing");
    return found && captures(found);
  },
  regexall: (pattern, text) => {
    const expression = regularExpression(pattern, toText(text), "gu");
    return expression && [...toText(text).matchAll(expression)].map(captures);
  },
  replace: (text, old, by) => replace(toText(text), toText(old), toText(by)),
  split: (separator, text) => split(toText(separator), toText(text)),
  startswith: (text, start) => toText(text).startsWith(toText(start)),
  strcontains: (text, part) => toText(text).includes(toText(part)),
  strrev: latin((text) => [...text].reverse().join("")),
  substr: (text, offset, length) => {
    if (!isLatin(toText(text))) return undefined;
    const characters = [...toText(text)];
    const start = toNumber(offset) < 0 ? characters.length + toNumber(offset) : toNumber(offset);
    const count = toNumber(length);
    return characters.slice(start, count < 0 ? undefined : start + count).join("");
  },
  title: latin((text) => text.replace(/(?<!\w)[a-z]/g, (first) => first.toUpperCase())),
  trim: (text, characters) => trimEnd(trimStart(toText(text), characters), characters),
  trimprefix: (text, prefix) => {
    const [whole, start] = [toText(text), toText(prefix)];
    return whole.startsWith(start) ? whole.slice(start.length) : whole;
  },
  trimspace: (text) => (/[^\0-\x7f]/.test(toText(text)) ? undefined : toText(text).trim()),
  trimsuffix: (text, suffix) => {
    const [whole, end] = [toText(text), toText(suffix)];
    return whole.endsWith(end) ? whole.slice(0, whole.length - end.length) : whole;
  },
  upper: latin((text) => inCase(text, (character) => character.toUpperCase())),
};

/** Function on a text with a result that is known for Latin-1 only: Go has other rules than JavaScript. */
function latin(convert: (text: string) => string): (text: unknown) => string | undefined {
  return (text) => (isLatin(toText(text)) ? convert(toText(text)) : undefined);
}

/** Text in another case. As in Go, a character stays one character. */
function inCase(text: string, convert: (character: string) => string): string {
  return [...text]
    .map((character) => (convert(character).length === 1 ? convert(character) : character))
    .join("");
}

function split(separator: string, text: string): string[] | undefined {
  if (separator === "") return isLatin(text) ? [...text] : undefined;
  return text.split(separator);
}

function trimStart(text: string, characters: unknown): string {
  const all = [...toText(characters)];
  const rest = [...text];
  while (rest.length > 0 && all.includes(rest[0])) rest.shift();
  return rest.join("");
}

function trimEnd(text: string, characters: unknown): string {
  return [...trimStart([...text].reverse().join(""), characters)].reverse().join("");
}

/** Replaces all occurrences. A text between slashes is a regular expression. */
function replace(text: string, old: string, by: string): string | undefined {
  if (old.length < 2 || !old.startsWith("/") || !old.endsWith("/")) return text.replaceAll(old, () => by);
  const expression = regularExpression(old.slice(1, -1), text, "gu");
  return (
    expression &&
    text.replace(expression, (...found: unknown[]) => {
      const named = typeof found[found.length - 1] === "object" ? toObject(found[found.length - 1]) : {};
      const groups = found.filter((_, index) => index < found.findIndex((it) => typeof it === "number"));
      // As in Go, a reference ends only where its name ends, so `$1x` refers to a group `1x`.
      return by.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (reference, bare?: string, braced?: string) => {
        if (reference === "$$") return "$";
        const name = bare ?? braced!;
        return String((/^\d+$/.test(name) ? groups[Number(name)] : named[name]) ?? "");
      });
    })
  );
}

/** Characters that `.` and `\s` match in one of the two languages only. */
const SPECIAL = /[^\t\n\x20-\x7e]/;

/** Parts of patterns that only one of the two languages has, or that they read differently. */
const DIFFERENT = /\(\?<?[=!]|\\[1-9kcuUpPQCxAzZ]|\[\[:|\[:\w/;

/** Pattern of Go's language of regular expressions; undefined if JavaScript would match another text. */
function regularExpression(pattern: unknown, text: string, flags: string): RegExp | undefined {
  if (SPECIAL.test(toText(pattern) + text) || DIFFERENT.test(toText(pattern))) return undefined;
  try {
    return new RegExp(toText(pattern).replaceAll("(?P<", "(?<"), flags);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** Result of a match: the named groups, the groups, or the whole text. */
function captures(found: RegExpMatchArray): unknown {
  if (found.groups) {
    const entries = Object.entries(found.groups).sort(([a], [b]) => compareTexts(a, b));
    return Object.fromEntries(entries.map(([name, text]) => [name, text ?? null]));
  }
  const [whole, ...groups] = found;
  return groups.length > 0 ? groups.map((text) => text ?? null) : whole;
}
