import {
  EvaluationError,
  areEqual,
  compareTexts,
  isObject,
  sortedEntries,
  toBoolean,
  toItems,
  toNumber,
  toObject,
  toSet,
  toText,
  unified,
  withoutDuplicates,
} from "../expressions/conversions";
import type { Functions } from "./function";

/** Functions on collections, for known arguments. */
export const COLLECTION_FUNCTIONS: Functions = {
  alltrue: (values) => toItems(values).every((value) => value !== null && toBoolean(value)),
  anytrue: (values) => toItems(values).some((value) => value !== null && toBoolean(value)),
  chunklist: (values, size) => {
    const [items, length] = [toItems(values), toNumber(size)];
    if (length <= 0) return [items];
    return Array.from({ length: Math.ceil(items.length / length) }, (_, index) =>
      items.slice(index * length, (index + 1) * length),
    );
  },
  compact: (values) =>
    toItems(values)
      .filter((value) => value !== null && value !== "")
      .map(toText),
  distinct: (values) => withoutDuplicates(unified(toItems(values))),
  flatten: (values) => flatten(toItems(values)),
  index: (values, value) => {
    const found = toItems(values).findIndex((item) => areEqual(item, value));
    if (found < 0) throw new EvaluationError("the value is not in the list");
    return found;
  },
  matchkeys: (values, keys, search) => {
    const wanted = toItems(search);
    return toItems(values).filter((_, index) => wanted.some((key) => areEqual(key, toItems(keys)[index])));
  },
  setintersection: (...sets) =>
    toSet(toItems(sets[0]).filter((value) => sets.every((set) => includes(toItems(set), value)))),
  setproduct: (...sets) => {
    const tuples = sets.reduce<unknown[][]>(
      (all, set) => all.flatMap((tuple) => toItems(set).map((value) => [...tuple, value])),
      [[]],
    );
    return tuples;
  },
  setsubtract: (set, other) => toSet(toItems(set).filter((value) => !includes(toItems(other), value))),
  setunion: (...sets) => toSet(sets.flatMap(toItems)),
  sort: (values) => toItems(values).map(toText).sort(compareTexts),
  toset: (values) => toSet(toItems(values)),
  transpose: (map) => {
    const pairs = sortedEntries(toObject(map)).flatMap(([key, values]) =>
      toItems(values).map((value) => [toText(value), key] as const),
    );
    const names = [...new Set(pairs.map(([value]) => value))];
    return Object.fromEntries(
      names.map((name) => [name, pairs.filter(([value]) => value === name).map(([, key]) => key)]),
    );
  },
};

function flatten(values: readonly unknown[]): unknown[] {
  return values.flatMap((value): unknown[] => (Array.isArray(value) ? flatten(value) : [value]));
}

function includes(values: readonly unknown[], value: unknown): boolean {
  return values.some(
    (item) =>
      areEqual(item, value) || (isPrimitive(item) && isPrimitive(value) && toText(item) === toText(value)),
  );
}

function isPrimitive(value: unknown): boolean {
  return value !== null && !Array.isArray(value) && !isObject(value);
}
