import { received } from "../../constructs/core/received";
import type { Element } from "../element";
import { NotJudged } from "../not-judged";

/**
 * Those objects that Terraform makes, for rules that require something to exist.
 * @param elementOf block of an object
 * @throws NotJudged if none of them is certain to be made, and Terraform alone knows it of some
 */
export function madeOf<T>(objects: readonly T[], elementOf: (object: T) => Element): T[] {
  const made = objects.filter((object) => elementOf(object).existence === "yes");
  const open = objects.map(elementOf).filter(({ existence }) => existence === "perhaps");
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
