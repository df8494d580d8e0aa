import { BlockList, isIP } from "node:net";
import type { IamCondition } from "./iam-policy";
import { type Answer, NO_VARIABLES, type Part, hasUnknown, matches, partsOf } from "./pattern";

/** Attributes of a request, such as `aws:PrincipalArn`. */
export interface RequestContext {
  /** Values by condition key in lower case. A list is a multivalued key. */
  readonly values: ReadonlyMap<string, string | readonly string[]>;
  /** True if the request lacks all other keys. Otherwise other keys are unknown. */
  readonly isComplete: boolean;
}

/** Operator with its modifiers. */
export interface ParsedOperator {
  /** Base operator in lower case, such as `stringequals`. */
  readonly base: string;
  /** Set operator in lower case. @default - none */
  readonly set?: "foranyvalue" | "forallvalues";
  /** True for an operator that holds if the request lacks the key. */
  readonly ifExists: boolean;
  /** True for operators such as StringNotEquals. */
  readonly isNegative: boolean;
}

/** Splits an operator such as `ForAnyValue:StringLikeIfExists`. The case has no meaning. */
export function parseOperator(operator: string): ParsedOperator {
  const [, set, rest] = /^(?:(foranyvalue|forallvalues):)?(.*)$/.exec(operator.toLowerCase())!;
  const ifExists = rest.endsWith("ifexists");
  const base = ifExists ? rest.slice(0, -"ifexists".length) : rest;
  return { base, set: set as ParsedOperator["set"], ifExists, isNegative: base.includes("not") };
}

/** Value of a policy variable in a request. Multivalued keys have none. */
export function variableIn({ values, isComplete }: RequestContext): (name: string) => string | undefined {
  return (name) => {
    const value = values.get(name.toLowerCase());
    if (value === undefined) return isComplete ? undefined : "unknown";
    return typeof value === "string" ? value : undefined;
  };
}

/**
 * Evaluates a condition.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function holds(condition: IamCondition, context: RequestContext, hasVariables: boolean): Answer {
  const { base, set, ifExists, isNegative } = parseOperator(condition.operator);
  if (hasUnknown(condition.key)) return "unknown";
  const value = context.values.get(condition.key.toLowerCase());
  if (value === undefined && !context.isComplete) return "unknown";
  if (base === "null") {
    const goal = value === undefined ? "true" : "false";
    return any(condition.values.map((it) => (hasUnknown(it) ? "unknown" : yesIf(it.toLowerCase() === goal))));
  }
  const compare = COMPARISONS[base.replace("not", "")];
  if (!compare) return "unknown";
  if (value === undefined) {
    if (ifExists || set === "forallvalues") return "yes";
    return yesIf(set === undefined && isNegative);
  }
  const variables = hasVariables ? variableIn(context) : NO_VARIABLES;
  const one = (actual: string): Answer => {
    const answers = condition.values.map((expected) => compare(expected, actual, variables, isNegative));
    return isNegative ? all(answers) : any(answers);
  };
  const list = typeof value === "string" ? [value] : value;
  if (set === "foranyvalue") return any(list.map(one));
  if (set === "forallvalues") return all(list.map(one));
  // A multivalued key needs a set operator.
  return typeof value === "string" ? one(value) : "no";
}

type VariablesOrNone = NonNullable<Parameters<typeof partsOf>[1]>;

/** Compares one value; for a negative operator the answer is whether they differ. Invalid values never hold. */
type Comparison = (
  expected: string,
  actual: string,
  variables: VariablesOrNone,
  isNegative: boolean,
) => Answer;

const text =
  (wildcards: boolean, fold = (it: string) => it): Comparison =>
  (expected, actual, variables, isNegative) =>
    matchText(expected, actual, variables, isNegative, wildcards, fold);

function matchText(
  expected: string,
  actual: string,
  variables: VariablesOrNone,
  isNegative: boolean,
  wildcards: boolean,
  fold: (text: string) => string,
): Answer {
  const pattern = partsOf(expected, variables, wildcards);
  if (!pattern) return "no";
  const folded = (parts: readonly Part[]) =>
    parts.map((part): Part => (part.kind === "character" ? { ...part, text: fold(part.text) } : part));
  return invert(matches(folded(pattern), folded(literalParts(actual))), isNegative);
}

/** Parts of a text of the request: it has no wildcards and no variables. */
export function literalParts(value: string): readonly Part[] {
  return partsOf(value, NO_VARIABLES, false)!;
}

const lower = (it: string) => it.toLowerCase();

const arn: Comparison = (expected, actual, variables, isNegative) => {
  const [pattern, value] = [arnSegments(expected), arnSegments(actual)];
  if (pattern.length < 6 || value.length < 6) {
    return hasUnknown(expected) || hasUnknown(actual) ? "unknown" : "no";
  }
  const parts = pattern.slice(1).map((it) => partsOf(it, variables));
  const answer = all(
    parts.map((it, index) => (it ? matches(it, literalParts(value[index + 1])) : "unknown")),
  );
  // A variable that the request lacks makes the comparison invalid, unless another segment differs.
  if (answer !== "no" && parts.includes(undefined)) return "no";
  return invert(answer, isNegative);
};

/** Up to six segments of an ARN. Colons within variables and expressions do not separate. */
export function arnSegments(value: string): string[] {
  const segments = [""];
  for (const [token] of value.matchAll(/\{\{terraform .*?\}\}|\$\{[^}]*\}|[\s\S]/gu)) {
    if (token === ":" && segments.length < 6) segments.push("");
    else segments[segments.length - 1] += token;
  }
  return segments;
}

const known =
  (compare: (expected: string, actual: string) => boolean | undefined): Comparison =>
  (expected, actual, _variables, isNegative) => {
    if (hasUnknown(expected) || hasUnknown(actual)) return "unknown";
    const result = compare(expected, actual);
    return result === undefined ? "no" : yesIf(result !== isNegative);
  };

const ordered = (parse: (text: string) => number, compare: (expected: number, actual: number) => boolean) =>
  known((expected, actual) => {
    const [one, other] = [parse(expected), parse(actual)];
    return Number.isNaN(one) || Number.isNaN(other) ? undefined : compare(one, other);
  });

const number = (value: string) => (value.includes(".") ? parseFloat(value) : parseInt(value, 10));
const date = (value: string) => (/^\d+$/.test(value) ? Number(value) : Date.parse(value));

const isBoolean = (value: string) => /^(true|false)$/i.test(value);

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  stringequals: text(false),
  stringequalsignorecase: text(false, lower),
  stringlike: text(true),
  arnequals: arn,
  arnlike: arn,
  bool: (expected, actual, variables) => {
    if (hasUnknown(expected)) return "unknown";
    if (!isBoolean(actual)) return "no";
    return matchText(expected, actual, variables, false, false, lower);
  },
  binaryequals: known((expected, actual) => expected === actual),
  ipaddress: known(isInRange),
  numericequals: ordered(number, (expected, actual) => actual === expected),
  numericlessthan: ordered(number, (expected, actual) => actual < expected),
  numericlessthanequals: ordered(number, (expected, actual) => actual <= expected),
  numericgreaterthan: ordered(number, (expected, actual) => actual > expected),
  numericgreaterthanequals: ordered(number, (expected, actual) => actual >= expected),
  dateequals: ordered(date, (expected, actual) => actual === expected),
  datelessthan: ordered(date, (expected, actual) => actual < expected),
  datelessthanequals: ordered(date, (expected, actual) => actual <= expected),
  dategreaterthan: ordered(date, (expected, actual) => actual > expected),
  dategreaterthanequals: ordered(date, (expected, actual) => actual >= expected),
};

function isInRange(range: string, address: string): boolean | undefined {
  const [network, length] = range.split("/");
  const [version, other] = [isIP(network), isIP(address)];
  if (version === 0 || other === 0) return undefined;
  if (version !== other) return false;
  const family = version === 4 ? "ipv4" : "ipv6";
  const block = new BlockList();
  const bits = length === undefined ? (version === 4 ? 32 : 128) : Number(length);
  if (!Number.isInteger(bits) || bits < 0 || bits > (version === 4 ? 32 : 128)) return undefined;
  block.addSubnet(network, bits, family);
  return block.check(address, family);
}

function yesIf(condition: boolean): Answer {
  return condition ? "yes" : "no";
}

function invert(answer: Answer, isNegative: boolean): Answer {
  return answer === "unknown" ? answer : yesIf((answer === "yes") !== isNegative);
}

/** Yes if one answer is yes. */
export function any(answers: readonly Answer[]): Answer {
  return answers.includes("yes") ? "yes" : answers.includes("unknown") ? "unknown" : "no";
}

/** Yes if all answers are yes. */
export function all(answers: readonly Answer[]): Answer {
  return answers.includes("no") ? "no" : answers.includes("unknown") ? "unknown" : "yes";
}
