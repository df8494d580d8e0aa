import type { Json } from "./blocks";
import { EvaluationError, entriesOf, toNumber } from "./expressions/conversions";
import { hasUnknown, isUnknown } from "./unknown";

/** Whether Terraform makes an object: `perhaps` if a `count` or `for_each` is unknown. */
export type Existence = "yes" | "perhaps" | "no";

/** One of the objects that a block makes. */
export interface Instance {
  /** Suffix of its address, for example `[0]` or `["app"]`; empty for a block without `count` and `for_each`. */
  readonly suffix: string;
  /** Names that its arguments may refer to: `count` or `each`. */
  readonly names: Readonly<Record<string, unknown>>;
}

/** Objects that a block makes. */
export interface Instances {
  /** Whether Terraform makes any. */
  readonly existence: Existence;
  /** The objects; one stands for all if their number is unknown. */
  readonly list: readonly Instance[];
  /** Key of each object. @default - the block has neither `count` nor `for_each`, or they are unknown */
  readonly keys?: readonly (string | number)[];
}

const SINGLE: Instance = { suffix: "", names: {} };

const PERHAPS: Instances = { existence: "perhaps", list: [SINGLE] };

/** Limit of objects of one block; more of them stand as one, as those of an unknown number. */
const MAX_INSTANCES = 1000;

/**
 * Objects that a block makes by its `count` or `for_each`.
 * @param evaluate evaluates an argument
 */
export function instancesOf(body: Json, evaluate: (value: unknown) => unknown): Instances {
  const { count, for_each: forEach } = body;
  if (isPresent(count)) return counted(evaluate(count));
  if (isPresent(forEach)) return repeated(evaluate(forEach));
  return { existence: "yes", list: [SINGLE] };
}

function counted(count: unknown): Instances {
  if (isUnknown(count)) return PERHAPS;
  const number = orUndefined(() => toNumber(count));
  if (number === undefined || !Number.isInteger(number) || number < 0 || number > MAX_INSTANCES)
    return PERHAPS;
  const keys = Array.from({ length: number }, (_, index) => index);
  return many(keys, (index) => ({ count: { index } }));
}

function repeated(forEach: unknown): Instances {
  if (isUnknown(forEach) || (Array.isArray(forEach) && hasUnknown(forEach))) return PERHAPS;
  // Elements of a list are their own keys, as those of a set: Terraform accepts no list.
  const entries = orUndefined(() =>
    Array.isArray(forEach)
      ? forEach.map((value: unknown) => [String(value), value] as const)
      : entriesOf(forEach),
  );
  if (!entries || entries.length > MAX_INSTANCES) return PERHAPS;
  const values = new Map(entries.map(([key, value]) => [String(key), value]));
  return many([...values.keys()], (key) => ({ each: { key, value: values.get(key) } }));
}

function many<K extends string | number>(
  keys: readonly K[],
  names: (key: K) => Readonly<Record<string, unknown>>,
): Instances {
  return {
    existence: keys.length > 0 ? "yes" : "no",
    list: keys.map((key) => ({ suffix: `[${JSON.stringify(key)}]`, names: names(key) })),
    keys,
  };
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return undefined;
  }
}
