import { received } from "../../constructs/core/received";
import type { Element } from "../element";
import { NotJudged } from "../not-judged";
import { isBlock } from "./blocks";
import { isUnknown } from "./values";

/**
 * Returns whether Terraform makes at least one object of a block: `count = 0` and an empty `for_each` make none.
 * @returns undefined if only Terraform knows it
 */
export function isMade({ body }: Element): boolean | undefined {
  const { count, for_each: each } = body;
  if (count !== undefined && count !== null) {
    const number = typeof count === "string" && !isUnknown(count) ? Number(count) : count;
    return typeof number === "number" && !Number.isNaN(number) ? number > 0 : undefined;
  }
  if (each === undefined || each === null) return true;
  if (Array.isArray(each)) return each.length > 0;
  return isBlock(each) ? Object.keys(each).length > 0 : undefined;
}

/**
 * Those objects that Terraform makes, for rules that require something to exist.
 * @param elementOf block of an object
 * @throws NotJudged if none of them is certain to be made, and Terraform alone knows it of some
 */
export function madeOf<T>(objects: readonly T[], elementOf: (object: T) => Element): T[] {
  const made = objects.filter((object) => isMade(elementOf(object)) === true);
  const open = objects.map(elementOf).filter((element) => isMade(element) === undefined);
  if (made.length === 0 && open.length > 0) throw openCount(open[0]);
  return made;
}

/** Resources that Terraform makes. @throws NotJudged as madeOf */
export function madeElements(elements: readonly Element[]): Element[] {
  return madeOf(elements, (element) => element);
}

/** Error for a block of which only Terraform knows whether it makes an object. */
export function openCount({ type, name, body }: Element): NotJudged {
  const [argument, value] = body.count === undefined ? ["for_each", body.for_each] : ["count", body.count];
  return new NotJudged(
    `${argument} of ${type}.${name} is ${received(value)}, which only Terraform can evaluate`,
  );
}
