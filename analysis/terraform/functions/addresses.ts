import { EvaluationError, toNumber, toText } from "../expressions/conversions";
import type { Functions } from "./function";

/** Range of IPv4 addresses. */
interface Range {
  /** First address, as a number. */
  readonly first: number;
  /** Length of the prefix in bits. */
  readonly bits: number;
}

/** Functions on ranges of IPv4 addresses, for known arguments. Of IPv6, the analysis cannot tell the result. */
export const ADDRESS_FUNCTIONS: Functions = {
  cidrhost: (prefix, host) =>
    inRange(prefix, ({ first, bits }) => {
      const [size, number] = [2 ** (32 - bits), toNumber(host)];
      if (number >= size || number < -size) throw new EvaluationError("the range has no such host");
      return addressText(first + (number < 0 ? size + number : number));
    }),
  cidrnetmask: (prefix) => inRange(prefix, ({ bits }) => addressText(2 ** 32 - 2 ** (32 - bits))),
  cidrsubnet: (prefix, added, number) =>
    inRange(prefix, (range) => {
      const bits = lengthened(range, added);
      if (toNumber(number) < 0 || toNumber(number) >= 2 ** (bits - range.bits))
        throw new EvaluationError("the range has no such subnet");
      return `${addressText(range.first + toNumber(number) * 2 ** (32 - bits))}/${bits}`;
    }),
  cidrsubnets: (prefix, ...added) =>
    inRange(prefix, (range) => {
      let next = range.first;
      return added.map((it) => {
        const bits = lengthened(range, it);
        const size = 2 ** (32 - bits);
        const start = Math.ceil(next / size) * size;
        next = start + size;
        if (next > range.first + 2 ** (32 - range.bits)) throw new EvaluationError("the range is too small");
        return `${addressText(start)}/${bits}`;
      });
    }),
};

function inRange(prefix: unknown, result: (range: Range) => unknown): unknown {
  const text = toText(prefix);
  if (text.includes(":")) return undefined;
  const [, address, length] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(text) ?? [];
  const parts = (address ?? "").split(".").map(Number);
  const bits = Number(length);
  if (address === undefined || bits > 32 || parts.some((part) => part > 255))
    throw new EvaluationError("a range of addresses is required");
  const size = 2 ** (32 - bits);
  const number = parts.reduce((total, part) => total * 256 + part, 0);
  return result({ first: Math.floor(number / size) * size, bits });
}

function lengthened({ bits }: Range, added: unknown): number {
  const length = bits + toNumber(added);
  if (length > 32 || length < bits) throw new EvaluationError("a prefix is too long");
  return length;
}

function addressText(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}
