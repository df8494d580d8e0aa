import {
  EvaluationError,
  compareTexts,
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
  lower: (text) => inCase(toText(text), (character) => character.toLowerCase()),
  regex: (pattern, text) => {
    const found = regularExpression(pattern, "u")?.exec(toText(text));
    if (found === null) throw new EvaluationError("the pattern matches nothing");
    return found && captures(found);
  },
  regexall: (pattern, text) => {
    const expression = regularExpression(pattern, "gu");
    return expression && [...toText(text).matchAll(expression)].map(captures);
  },
  replace: (text, old, by) => replace(toText(text), toText(old), toText(by)),
  split: (separator, text) => split(toText(separator), toText(text)),
  startswith: (text, start) => toText(text).startsWith(toText(start)),
  strcontains: (text, part) => toText(text).includes(toText(part)),
  strrev: (text) => [...toText(text)].reverse().join(""),
  substr: (text, offset, length) => {
    const characters = [...toText(text)];
    const start = toNumber(offset) < 0 ? characters.length + toNumber(offset) : toNumber(offset);
    const count = toNumber(length);
    return characters.slice(start, count < 0 ? undefined : start + count).join("");
  },
  title: (text) =>
    toText(text).replace(/(^|\s)(\S)/g, (_all, space: string, first: string) => space + first.toUpperCase()),
  trim: (text, characters) => trimEnd(trimStart(toText(text), characters), characters),
  trimprefix: (text, prefix) => {
    const [whole, start] = [toText(text), toText(prefix)];
    return whole.startsWith(start) ? whole.slice(start.length) : whole;
  },
  trimspace: (text) => toText(text).trim(),
  trimsuffix: (text, suffix) => {
    const [whole, end] = [toText(text), toText(suffix)];
    return whole.endsWith(end) ? whole.slice(0, whole.length - end.length) : whole;
  },
  upper: (text) => inCase(toText(text), (character) => character.toUpperCase()),
};

/** Text in another case. As in Go, a character stays one character. */
function inCase(text: string, convert: (character: string) => string): string {
  return [...text]
    .map((character) => ([...convert(character)].length === 1 ? convert(character) : character))
    .join("");
}

function split(separator: string, text: string): string[] {
  if (separator === "") return [...text];
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
  const expression = regularExpression(old.slice(1, -1), "gu");
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

/** Pattern of Go's language of regular expressions; undefined if it is not one of JavaScript's as well. */
function regularExpression(pattern: unknown, flags: string): RegExp | undefined {
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
