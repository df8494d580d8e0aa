import { EvaluationError, toItems, toNumber, toText } from "../expressions/conversions";
import { decimal } from "../expressions/operators";
import type { Functions } from "./function";

const list = (numbers: readonly unknown[]): number[] => {
  if (numbers.length === 0) throw new EvaluationError("a number is required");
  return numbers.map(toNumber);
};

/** Functions on numbers, for known arguments. */
export const NUMBER_FUNCTIONS: Functions = {
  abs: (value) => Math.abs(toNumber(value)),
  ceil: (value) => Math.ceil(toNumber(value)),
  floor: (value) => Math.floor(toNumber(value)),
  log: (value, base) => decimal(Math.log(toNumber(value)) / Math.log(toNumber(base))),
  max: (...values) => Math.max(...list(values)),
  min: (...values) => Math.min(...list(values)),
  parseint: (text, base) => {
    const value = parseInt(toText(text), toNumber(base));
    if (value.toString(toNumber(base)) !== toText(text).toLowerCase()) return undefined;
    return value;
  },
  pow: (value, power) => decimal(toNumber(value) ** toNumber(power)),
  range: (...args) => {
    const [first, second, third] = list(args);
    const [start, limit] = second === undefined ? [0, first] : [first, second];
    const step = third ?? (start <= limit ? 1 : -1);
    const length = Math.max(0, Math.ceil((limit - start) / step));
    if (!(length <= 1024)) throw new EvaluationError("range has at most 1024 values");
    return Array.from({ length }, (_, index) => decimal(start + index * step));
  },
  signum: (value) => Math.sign(toNumber(value)),
  sum: (values) => decimal(list(toItems(values)).reduce((total, value) => total + value, 0)),
};
