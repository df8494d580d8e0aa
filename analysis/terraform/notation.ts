import { literal } from "../../constructs/core/literal";
import type { Json, WrittenBlock } from "./blocks";
import { evaluateText } from "./expressions/evaluate";
import { type Scope, withNames } from "./expressions/scope";
import type { Instance } from "./instances";
import type { StackEvaluator } from "./stack-evaluator";
import { isUnknown, symbolOf } from "./unknown";

/** String that is one reference to a resource or a data source. */
const REFERENCE = /^\$\{(data\.|ephemeral\.)?[a-z][a-z0-9]*_\w+\.[\w-]+(\.[\w-]+|\[\d+\]|\["[^"\\]*"\])*\}$/;

/**
 * Arguments of a block in the notation of Terraform JSON: what the code decides is evaluated, what only Terraform knows
 * is an expression. A string that is one reference to a resource stays, so that the resource can be found by it.
 */
export function argumentsInNotation(
  evaluator: StackEvaluator,
  block: WrittenBlock,
  instance: Instance,
): Json {
  return notationOf(block.body, evaluator, withNames(evaluator, instance.names)) as Json;
}

/** Returns the value itself if it has no expression: most have none. */
function notationOf(value: unknown, evaluator: StackEvaluator, scope: Scope): unknown {
  if (typeof value === "string") {
    if (!/[$%]\{/.test(value) || REFERENCE.test(value)) return value;
    const evaluated = evaluateText(value, scope);
    // Of what cannot be evaluated at all, the text as it is written says the most.
    const isSame =
      isUnknown(evaluated) && evaluated.symbol === symbolOf(value.replace(/^\$\{([^]*)\}$/, "$1"));
    return isSame ? value : inNotation(evaluated);
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => notationOf(item, evaluator, scope));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if ("dynamic" in value || Object.keys(value).some((key) => /[$%]\{/.test(key)))
    return inNotation(evaluator.evaluate(value, scope));
  const entries = Object.entries(value);
  const evaluated = entries.map(([key, item]): [string, unknown] => [
    key,
    key === "//" ? item : notationOf(item, evaluator, scope),
  ]);
  return evaluated.some(([, item], index) => item !== entries[index][1])
    ? Object.fromEntries(evaluated)
    : value;
}

/** Evaluated value as Terraform JSON writes it. */
function inNotation(value: unknown): unknown {
  if (typeof value === "string") return literal(value);
  if (isUnknown(value)) {
    // Of the parts, every second one is the expression of a symbol.
    const parts = value.symbol.split(/\{\{terraform ([^{}]*)\}\}/);
    return parts.map((part, index) => (index % 2 === 1 ? `\${${part}}` : literal(part))).join("");
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(inNotation);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inNotation(item)]));
}
