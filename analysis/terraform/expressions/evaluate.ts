import { callFunction } from "../functions";
import { Unknown, appendText, hasUnknown, isUnknown } from "../unknown";
import {
  EvaluationError,
  TerraformSet,
  areEqual,
  entriesOf,
  isExact,
  isObject,
  toBoolean,
  toItems,
  toNumber,
  toText,
  unified,
} from "./conversions";
import { applyOperator } from "./operators";
import { parseTemplate } from "./parser";
import { Reference, type Scope, withNames } from "./scope";
import type { Expression, ForExpression, TemplateNode } from "./syntax";

type Node<K extends Expression["kind"]> = Extract<Expression, { readonly kind: K }>;

/** Name of the element that a splat visits; no expression can contain it. */
const ITEM = "*";

/** Parsed texts. The same expressions occur in many resources and environments. */
const parsed = new Map<string, Expression>();

/**
 * Evaluates a string of Terraform JSON. What cannot be evaluated is an `Unknown`; a text with an unknown part is one
 * with the known parts around its symbol.
 */
export function evaluateText(text: string, scope: Scope): unknown {
  if (!text.includes("${") && !text.includes("%{")) return text;
  try {
    const expression = parsed.get(text) ?? parseTemplate(text);
    parsed.set(text, expression);
    return expression.kind === "template" ? join(expression.parts, scope, true) : evaluate(expression, scope);
  } catch (error) {
    return unknownAfter(error, text.replace(/^\$\{([^{}]*)\}$/, "$1"));
  }
}

/** Value of an expression that failed: Terraform refuses it, so nothing is known about what it configures. */
function unknownAfter(error: unknown, text: string): Unknown {
  // A RangeError is an expression that is nested too deeply.
  if (error instanceof EvaluationError || error instanceof SyntaxError || error instanceof RangeError)
    return Unknown.of(text);
  throw error;
}

function evaluate(expression: Expression, scope: Scope): unknown {
  const value = evaluateTo(expression, scope);
  return value instanceof Reference ? value.value() : value;
}

/** Value of an expression, or a reference that the following attribute leads into. */
function evaluateTo(expression: Expression, scope: Scope): unknown {
  switch (expression.kind) {
    case "literal":
      // Terraform keeps all digits of a number.
      if (typeof expression.value === "number" && !isExact(expression.value, expression.text))
        return Unknown.of(expression.text);
      return expression.value;
    case "template":
      return join(expression.parts, scope);
    case "root":
    case "item":
      return root(expression.kind === "root" ? expression.name : ITEM, scope);
    case "index":
      return element(expression, scope);
    case "splat":
      return splat(expression, scope);
    case "call":
      return call(expression, scope);
    case "list":
      return expression.items.map((item) => evaluate(item, scope));
    case "object":
      return object(expression, scope);
    case "unary":
      return unary(expression, scope);
    case "binary":
      return binary(expression, scope);
    case "conditional":
      return conditional(expression, scope);
    case "for":
      return loop(expression, scope);
  }
}

function root(name: string, scope: Scope): unknown {
  const value = scope.find(name);
  return value === undefined ? Unknown.of(name) : value;
}

function element({ target, key, text }: Node<"index">, scope: Scope): unknown {
  const value = evaluateTo(target, scope);
  const step = evaluate(key, scope);
  if (isUnknown(step)) return Unknown.of(text);
  const name = typeof step === "number" ? step : toText(step);
  if (value instanceof Reference || isUnknown(value)) return value.at(name);
  if (Array.isArray(value)) {
    const index = toNumber(step);
    if (!Number.isInteger(index) || index < 0 || index >= value.length)
      throw new EvaluationError("an index is out of range");
    return value[index];
  }
  if (!isObject(value) || !Object.hasOwn(value, String(name))) throw new EvaluationError("no such attribute");
  return value[String(name)];
}

function splat({ target, each, text }: Node<"splat">, scope: Scope): unknown {
  const value = evaluate(target, scope);
  if (isUnknown(value) || isUnknownSet(value)) return Unknown.of(text);
  const items = value === null ? [] : Array.isArray(value) ? value : [value];
  return items.map((item: unknown) => evaluate(each, withNames(scope, { [ITEM]: item })));
}

function call({ name, args, isExpanded, text }: Node<"call">, scope: Scope): unknown {
  if (name === "try") return firstThatSucceeds(args, scope);
  if (name === "can") return succeeds(args[0], scope, text);
  const values = args.map((argument) => evaluate(argument, scope));
  if (!isExpanded) return callFunction(name, values, text);
  const last = values.pop();
  return isUnknown(last) ? Unknown.of(text) : callFunction(name, [...values, ...toItems(last)], text);
}

function firstThatSucceeds(args: readonly Expression[], scope: Scope): unknown {
  for (const argument of args) {
    try {
      return evaluate(argument, scope);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
    }
  }
  throw new EvaluationError("no argument of try succeeds");
}

function succeeds(argument: Expression, scope: Scope, text: string): unknown {
  try {
    return isUnknown(evaluate(argument, scope)) ? Unknown.of(text) : true;
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return false;
  }
}

function object({ entries, text }: Node<"object">, scope: Scope): unknown {
  const evaluated = entries.map(([key, value]) => [evaluate(key, scope), evaluate(value, scope)] as const);
  if (evaluated.some(([key]) => isUnknown(key))) return Unknown.of(text);
  return Object.fromEntries(evaluated.map(([key, value]) => [toText(key), value]));
}

function unary({ operator, operand, text }: Node<"unary">, scope: Scope): unknown {
  const value = evaluate(operand, scope);
  if (isUnknown(value)) return Unknown.of(text);
  return operator === "!" ? !toBoolean(value) : -toNumber(value);
}

function binary({ operator, left, right, text }: Node<"binary">, scope: Scope): unknown {
  const [a, b] = [evaluate(left, scope), evaluate(right, scope)];
  if (!hasUnknown([a, b])) {
    const result = applyOperator(operator, a, b);
    const isLossy = typeof result === "number" && !isExact(result);
    const isTyped = ![left, right].every(({ kind }) => kind === "list" || kind === "object");
    return isLossy || (isTyped && areEqualCollections(operator, a, b)) ? Unknown.of(text) : result;
  }
  // One known operand may decide.
  const decisive = operator === "&&" ? false : operator === "||" ? true : undefined;
  const known = [a, b].filter((value) => !isUnknown(value));
  if (decisive !== undefined && known.some((value) => toBoolean(value) === decisive)) return decisive;
  return Unknown.of(text);
}

/** Collections with equal elements are not equal if their types differ, which are not known here. */
function areEqualCollections(operator: string, a: unknown, b: unknown): boolean {
  const isCollection = typeof a === "object" && a !== null;
  return /^[!=]=$/.test(operator) && isCollection && areEqual(a, b);
}

function conditional({ condition, yes, no, text }: Node<"conditional">, scope: Scope): unknown {
  const decision = evaluate(condition, scope);
  if (isUnknown(decision)) return Unknown.of(text);
  const [chosen, other] = toBoolean(decision) ? [yes, no] : [no, yes];
  const value = evaluate(chosen, scope);
  if (typeof value !== "number" && typeof value !== "boolean") return value;
  // Both results have one type: a number becomes a string if the other result is one.
  return unified([value, textOrNull(other, scope)])[0];
}

function textOrNull(expression: Expression, scope: Scope): unknown {
  try {
    const value = evaluate(expression, scope);
    return typeof value === "string" ? value : null;
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return null;
  }
}

function loop(expression: ForExpression, scope: Scope): unknown {
  const { names, collection, key, value, isGrouped, condition, text } = expression;
  const over = evaluate(collection, scope);
  if (isUnknown(over) || isUnknownSet(over)) return Unknown.of(text);
  const results: (readonly [key: unknown, value: unknown])[] = [];
  for (const inner of scopesOf(names, over, scope)) {
    const included = condition === undefined || evaluate(condition, inner);
    const name = key && evaluate(key, inner);
    if (isUnknown(included) || isUnknown(name)) return Unknown.of(text);
    if (toBoolean(included)) results.push([name, evaluate(value, inner)]);
  }
  if (key === undefined) return results.map(([, item]) => item);
  const object = new Map<string, unknown>();
  for (const [name, item] of results) {
    const field = toText(name);
    if (!isGrouped && object.has(field)) throw new EvaluationError("a loop has a key twice");
    object.set(field, isGrouped ? [...toItems(object.get(field) ?? []), item] : item);
  }
  return Object.fromEntries(object);
}

/** Returns true for a set with unknown elements, which may be equal. */
function isUnknownSet(value: unknown): boolean {
  return value instanceof TerraformSet && value.some(isUnknown);
}

function scopesOf(names: readonly string[], collection: unknown, scope: Scope): Scope[] {
  const [first, second] = names;
  return entriesOf(collection).map(([key, value]) =>
    withNames(scope, second === undefined ? { [first]: value } : { [first]: key, [second]: value }),
  );
}

/**
 * Text of a template.
 * @param isOutermost true if a part that fails leaves the others known; within a call, `try` decides @default false
 */
function join(parts: readonly TemplateNode[], scope: Scope, isOutermost = false): unknown {
  return joined(parts.map((part) => (typeof part === "string" ? part : partOf(part, scope, isOutermost))));
}

function joined(values: readonly unknown[]): unknown {
  const text = values.reduce<string>(
    (before, value) => appendText(before, isUnknown(value) ? value.symbol : toText(value)),
    "",
  );
  return values.some(isUnknown) ? new Unknown(text) : text;
}

function partOf(part: Exclude<TemplateNode, string>, scope: Scope, isOutermost: boolean): unknown {
  if (part.kind === "each") {
    const over = evaluate(part.collection, scope);
    if (isUnknown(over) || isUnknownSet(over)) return Unknown.of(part.collection.text);
    return joined(scopesOf(part.names, over, scope).map((inner) => join(part.body, inner)));
  }
  if (part.kind === "if") {
    const decision = evaluate(part.condition, scope);
    if (isUnknown(decision)) return Unknown.of(part.condition.text);
    return join(toBoolean(decision) ? part.yes : part.no, scope);
  }
  if (!isOutermost) return evaluate(part, scope);
  try {
    const value = evaluate(part, scope);
    return isUnknown(value) ? value : toText(value);
  } catch (error) {
    return unknownAfter(error, part.text);
  }
}
