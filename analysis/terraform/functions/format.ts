import {
  EvaluationError,
  isLatin,
  jsonText,
  toBoolean,
  toItems,
  toNumber,
  toText,
} from "../expressions/conversions";
import { isUnknown } from "../unknown";

const VERB = /%(?:(%)|([-+ #0]*)(\d+)?(?:\.(\d+))?(?:\[(\d+)\])?([a-zA-Z]))/g;

/**
 * Text of `format`.
 * @returns undefined for a verb that the analysis does not have
 * @throws EvaluationError if an argument is missing, is left over or has another type
 */
export function format(pattern: string, args: readonly unknown[]): string | undefined {
  let isDecidable = true;
  let next = 0;
  let used = 0;
  const text = pattern.replace(
    VERB,
    (
      _all,
      percent?: string,
      flags = "",
      width?: string,
      precision?: string,
      position?: string,
      verb = "",
    ) => {
      if (percent) return "%";
      const index = position === undefined ? next : Number(position) - 1;
      next = index + 1;
      used = Math.max(used, next);
      if (index >= args.length) throw new EvaluationError("format has too few arguments");
      const written = textFor(
        verb,
        args[index],
        flags,
        precision === undefined ? undefined : Number(precision),
      );
      const isCounted = width !== undefined || precision !== undefined;
      if (written === undefined || (isCounted && !isLatin(written))) isDecidable = false;
      return padded(written ?? "", flags, Number(width ?? 0));
    },
  );
  if (used < args.length) throw new EvaluationError("format has too many arguments");
  return isDecidable ? text : undefined;
}

/** Texts of `formatlist`: one for each position of the lists; other arguments are the same in all. */
export function formatList(pattern: string, args: readonly unknown[]): (string | undefined)[] | undefined {
  const lengths = [...new Set(args.filter(Array.isArray).map((list) => list.length))];
  if (lengths.length > 1) throw new EvaluationError("lists of formatlist differ in length");
  const texts = Array.from({ length: lengths[0] ?? 1 }, (_, index) =>
    format(
      pattern,
      args.map((arg) => (Array.isArray(arg) ? toItems(arg)[index] : arg)),
    ),
  );
  return texts.includes(undefined) ? undefined : texts;
}

function textFor(verb: string, value: unknown, flags: string, precision?: number): string | undefined {
  // Of an unknown value, only its plain text is a symbol.
  if (isUnknown(value)) return /[sv]/.test(verb) && precision === undefined ? value.symbol : undefined;
  if (value === null) return undefined;
  const cut = (text: string) => (precision === undefined ? text : [...text].slice(0, precision).join(""));
  switch (verb) {
    case "v":
      if (flags.includes("#")) return jsonText(value);
      return cut(typeof value === "object" ? jsonText(value) : toText(value));
    case "s":
      return cut(toText(value));
    case "q":
      return JSON.stringify(cut(toText(value)));
    case "t":
      return String(toBoolean(value));
    case "d":
      return signed(toNumber(value), flags, (number) => String(Math.trunc(number)));
    case "b":
      return signed(toNumber(value), flags, (number) => Math.trunc(number).toString(2));
    case "o":
      return signed(toNumber(value), flags, (number) => Math.trunc(number).toString(8));
    case "x":
    case "X": {
      if (typeof value !== "number") return undefined;
      const hex = signed(value, flags, (number) => Math.trunc(number).toString(16));
      return verb === "x" ? hex : hex.toUpperCase();
    }
    case "f":
      // Of two texts that are as close, Go takes the even one.
      if (Number.isInteger(toNumber(value) * 10 ** (precision ?? 6) - 0.5)) return undefined;
      return signed(toNumber(value), flags, (number) => number.toFixed(precision ?? 6));
    default:
      return undefined;
  }
}

function signed(value: number, flags: string, write: (value: number) => string): string {
  const sign = value < 0 ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  return sign + write(Math.abs(value));
}

function padded(text: string, flags: string, width: number): string {
  if (flags.includes("-")) return text.padEnd(width);
  if (!flags.includes("0")) return text.padStart(width);
  const [, sign, rest] = /^([+-]?)(.*)$/s.exec(text)!;
  return sign + rest.padStart(width - sign.length, "0");
}
