import type { IamCondition } from "./iam-policy";

/**
 * Conditions that remain open when everything known about a request is evaluated. An empty list is a plain yes.
 * A match that only Terraform or AWS can decide is the operator `unknown`.
 */
export type Residual = readonly IamCondition[];

/** Most alternatives that are kept. Beyond it an evaluation is not known. */
const MOST_WAYS = 64;

const TOO_MANY: Residual = [{ operator: "unknown", key: "more conditions than can be combined", values: [] }];

/** Text of a condition in one spelling. */
export function conditionKey({ operator, key, values }: IamCondition): string {
  return `${operator.toLowerCase()} ${key.toLowerCase()} ${JSON.stringify([...values].sort())}`;
}

/** Either of the alternatives. */
export function either(...alternatives: readonly (readonly Residual[])[]): Residual[] {
  return minimal(alternatives.flat());
}

/** Both of the alternatives. */
export function both(one: readonly Residual[], other: readonly Residual[]): Residual[] {
  return minimal(one.flatMap((a) => other.map((b) => unique([...a, ...b]))));
}

function unique(conditions: Residual): Residual {
  if (conditions.length < 2) return conditions;
  return [...new Map(conditions.map((it) => [conditionKey(it), it])).values()];
}

/** Drops alternatives that demand more than another one. */
function minimal(ways: readonly Residual[]): Residual[] {
  if (ways.length < 2) return [...ways];
  if (ways.some((way) => way.length === 0)) return [[]];
  const keyed = ways.map((way) => ({ way, keys: new Set(way.map(conditionKey)) }));
  const kept = keyed.filter(
    ({ keys }, index) =>
      !keyed.some(
        (other, at) =>
          at !== index &&
          [...other.keys].every((key) => keys.has(key)) &&
          (other.keys.size < keys.size || at < index),
      ),
  );
  return kept.length > MOST_WAYS ? [TOO_MANY] : kept.map(({ way }) => way);
}
