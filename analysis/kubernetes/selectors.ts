import { type Answer, all, contains, not } from "./answers";
import { type Block, block, blocks, hasUnknownBlocks, isUnknown, knownTexts, text } from "./values";

/**
 * Decides whether a label selector matches labels.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
 */
export function matchesLabels(selector: Block, labels: unknown): Answer {
  const { matchLabels, matchExpressions } = selector;
  const isOpen = [labels, matchLabels].some((value) => [value].flat().some(isUnknown));
  return all([
    isOpen || hasUnknownBlocks(matchExpressions) ? "unknown" : "yes",
    ...Object.entries(block(matchLabels)).map(
      ([key, value]) =>
        () =>
          equals(block(labels)[key], value),
    ),
    ...blocks(matchExpressions).map((expression) => () => matchesExpression(expression, block(labels))),
  ]);
}

function equals(label: unknown, value: unknown): Answer {
  if (label === undefined) return "no";
  return isUnknown(label) || isUnknown(value) ? "unknown" : text(label) === text(value) ? "yes" : "no";
}

function matchesExpression({ key, operator, values }: Block, labels: Block): Answer {
  const name = text(key) ?? "";
  if (isUnknown(key) || isUnknown(operator)) return "unknown";
  const label = labels[name];
  const isIn = () => {
    if (label === undefined) return "no";
    return isUnknown(label) ? "unknown" : contains(knownTexts(values), (value) => value === text(label));
  };
  switch (operator) {
    case "In":
      return isIn();
    case "NotIn":
      return not(isIn());
    case "Exists":
      return name in labels ? "yes" : "no";
    case "DoesNotExist":
      return name in labels ? "no" : "yes";
    default:
      return "unknown";
  }
}
