import {
  EvaluationError,
  areEqual,
  isLatin,
  isObject,
  jsonText,
  sortedEntries,
  toItems,
  toNumber,
  toObject,
  toText,
  unified,
} from "../expressions/conversions";
import { Unknown, appendText, hasUnknown, isUnknown } from "../unknown";
import { format, formatList } from "./format";
import type { Functions } from "./function";

/**
 * Functions with a result that is known in part although a part of an argument is unknown: a list has a known length, a
 * text has known parts. If an argument must be known as a whole, the result is undefined.
 */
export const PARTIAL_FUNCTIONS: Functions = {
  coalesce: (...values) => firstWhere(values, (value) => value !== null && value !== ""),
  coalescelist: (...values) => firstWhere(values, (value) => toItems(value).length > 0),
  concat: (...lists) => whenKnown(lists, () => lists.flatMap(toItems)),
  contains: (values, value) =>
    whenKnown([values], () => {
      if (toItems(values).some((item) => !hasUnknown(item) && !hasUnknown(value) && areEqual(item, value)))
        return true;
      return hasUnknown([values, value]) ? undefined : false;
    }),
  element: (values, position) =>
    whenKnown([values, position], () => {
      const items = toItems(values);
      const index = toNumber(position) % items.length;
      if (items.length === 0) throw new EvaluationError("element of an empty list");
      // Later versions of Terraform count a negative position from the end.
      return index < 0 ? undefined : items[index];
    }),
  format: (pattern, ...args) =>
    whenKnown([pattern], () => {
      const text = format(toText(pattern), args);
      return text === undefined ? undefined : new Unknown(text);
    }),
  formatlist: (pattern, ...args) =>
    whenKnown([pattern, ...args.filter((arg) => !isUnknown(arg))], () =>
      args.some(isUnknown)
        ? undefined
        : formatList(toText(pattern), args)?.map((text) => (hasUnknown(text) ? new Unknown(text!) : text)),
    ),
  join: (separator, ...lists) =>
    whenKnown([separator, ...lists], () => {
      const items = lists.flatMap(toItems).map((item) => (isUnknown(item) ? item.symbol : toText(item)));
      return new Unknown(
        items.reduce(
          (text, item, index) => appendText(index > 0 ? text + toText(separator) : text, item),
          "",
        ),
      );
    }),
  jsonencode: (value) => new Unknown(jsonText(value)),
  keys: (map) => whenKnown([map], () => sortedEntries(toObject(map)).map(([key]) => key)),
  length: (value) =>
    whenKnown([value], () => {
      if (typeof value === "string") return isLatin(value) ? value.length : undefined;
      return Array.isArray(value) ? value.length : Object.keys(toObject(value)).length;
    }),
  lookup: (map, key, ...rest) =>
    whenKnown([map, key], () => {
      const object = toObject(map);
      if (Object.hasOwn(object, toText(key))) return object[toText(key)];
      if (rest.length === 0) throw new EvaluationError("the map has no such key");
      return rest[0];
    }),
  merge: (...maps) =>
    whenKnown(maps, () =>
      Object.fromEntries(maps.filter((map) => map !== null).flatMap((map) => Object.entries(toObject(map)))),
    ),
  nonsensitive: (value) => value,
  one: (values) =>
    whenKnown([values], () => {
      const items = toItems(values);
      if (items.length > 1) throw new EvaluationError("a list has more than one element");
      return items.length === 0 ? null : items[0];
    }),
  reverse: (values) => whenKnown([values], () => [...toItems(values)].reverse()),
  sensitive: (value) => value,
  slice: (values, start, end) =>
    whenKnown([values, start, end], () => {
      const [items, from, to] = [toItems(values), toNumber(start), toNumber(end)];
      if (from < 0 || to < from || to > items.length) throw new EvaluationError("a slice is out of range");
      return items.slice(from, to);
    }),
  tolist: (values) => whenKnown([values], () => unified([...toItems(values)])),
  tomap: (map) =>
    whenKnown([map], () => {
      const object = toObject(map);
      const values = unified(Object.values(object));
      return Object.fromEntries(Object.keys(object).map((key, index) => [key, values[index]]));
    }),
  values: (map) => whenKnown([map], () => sortedEntries(toObject(map)).map(([, value]) => value)),
  zipmap: (keys, values) =>
    whenKnown([keys, values], () => {
      if (hasUnknown(keys)) return undefined;
      const [names, items] = [toItems(keys).map(toText), toItems(values)];
      if (names.length !== items.length) throw new EvaluationError("keys and values differ in length");
      return Object.fromEntries(names.map((name, index) => [name, items[index]]));
    }),
};

/** Result, unless an argument is unknown as a whole. */
function whenKnown(args: readonly unknown[], result: () => unknown): unknown {
  return args.some(isUnknown) ? undefined : result();
}

/** First value that qualifies. An unknown one before it may qualify as well. */
function firstWhere(values: readonly unknown[], qualifies: (value: unknown) => boolean): unknown {
  const all = values.some((value) => isObject(value) || Array.isArray(value) || isUnknown(value))
    ? values
    : unified(values);
  for (const value of all) {
    if (isUnknown(value)) return undefined;
    if (qualifies(value)) return value;
  }
  throw new EvaluationError("no argument has a value");
}
