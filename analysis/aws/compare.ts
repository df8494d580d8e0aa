import { arnSegments, literalParts, parseOperator } from "./conditions";
import type { Decision } from "./evaluate";
import type { IamCondition, IamPolicy, IamStatement, Selection } from "./iam-policy";
import { includes, matches, overlap, partsOf, type Part } from "./pattern";
import { conditionKey, type Residual } from "./residual";

/** Part of a statement that the other policy does not have. */
export interface StatementChange {
  readonly effect: "Allow" | "Deny";
  /** Statement, reduced to the actions, resources and principals that the other policy lacks. */
  readonly statement: IamStatement;
  /** True if the other policy has the same without these conditions, or with others. */
  readonly onlyConditions: boolean;
}

/** Difference between two policies, as sets of rights. */
export interface PolicyDifference {
  /** Permissions and denials that are new. */
  readonly added: readonly StatementChange[];
  /** Permissions and denials that are gone. */
  readonly removed: readonly StatementChange[];
  /** Texts that cannot be read and are new. */
  readonly unreadAdded: readonly string[];
  /** Texts that cannot be read and are gone. */
  readonly unreadRemoved: readonly string[];
}

/**
 * Compares two policies as sets of (action, resource, principal, condition). Order, grouping, case and repetitions have
 * no meaning. A right that several statements of the other policy cover together is reported; none is left out.
 */
export function comparePolicies(
  before: IamPolicy | undefined,
  after: IamPolicy | undefined,
): PolicyDifference {
  const [was, is] = [before ?? NOTHING, after ?? NOTHING];
  return {
    added: uncovered(is.statements, was.statements),
    removed: uncovered(was.statements, is.statements),
    unreadAdded: is.unread.filter((it) => !was.unread.includes(it)),
    unreadRemoved: was.unread.filter((it) => !is.unread.includes(it)),
  };
}

const NOTHING: IamPolicy = { statements: [], unread: [] };

/** Returns true if the difference is empty. */
export function isEqual({ added, removed, unreadAdded, unreadRemoved }: PolicyDifference): boolean {
  return added.length + removed.length + unreadAdded.length + unreadRemoved.length === 0;
}

function uncovered(statements: readonly IamStatement[], others: readonly IamStatement[]): StatementChange[] {
  return statements.flatMap((statement): StatementChange[] => {
    const same = others.filter(
      ({ effect, hasVariables }) => effect === statement.effect && hasVariables === statement.hasVariables,
    );
    const bits = bitsOf(statement);
    const missing = bits.filter(
      (bit) =>
        !same.some((other) => coversBit(other, bit) && impliesAll(statement.conditions, other.conditions)),
    );
    if (missing.length === 0) return [];
    const onlyConditions = missing.every((bit) => same.some((other) => coversBit(other, bit)));
    return [{ effect: statement.effect, statement: { ...statement, ...reduced(missing) }, onlyConditions }];
  });
}

/** One action on one resource by one principal. */
interface Bit {
  readonly actions: Selection;
  readonly resources?: Selection;
  readonly principals?: Selection;
}

function bitsOf({ actions, resources, principals }: IamStatement): Bit[] {
  const each = (selection: Selection | undefined): (Selection | undefined)[] =>
    !selection || selection.isNot
      ? [selection]
      : [...new Set(selection.values)].map((value) => ({ isNot: false, values: [value] }));
  return each(actions).flatMap((action) =>
    each(resources).flatMap((resource) =>
      each(principals).map((principal) => ({ actions: action!, resources: resource, principals: principal })),
    ),
  );
}

function reduced(bits: readonly Bit[]): Bit {
  const join = (selections: readonly (Selection | undefined)[]): Selection | undefined =>
    selections[0] && {
      isNot: selections[0].isNot,
      values: [...new Set(selections.flatMap((it) => it?.values ?? []))],
    };
  return {
    actions: join(bits.map((it) => it.actions))!,
    resources: join(bits.map((it) => it.resources)),
    principals: join(bits.map((it) => it.principals)),
  };
}

function coversBit(statement: IamStatement, bit: Bit): boolean {
  const fold = (it: string) => it.toLowerCase();
  return (
    covers(statement.actions, bit.actions, fold) &&
    covers(statement.resources ?? ALL, bit.resources ?? ALL) &&
    covers(statement.principals ?? ALL, bit.principals ?? ALL, principalPattern)
  );
}

const ALL: Selection = { isNot: false, values: ["*"] };

/** All principals match `AWS:*`; other principals have no wildcards that AWS accepts. */
function principalPattern(principal: string): string {
  return principal === "AWS:*" ? "*" : principal;
}

/** Returns true if a statement can concern an action on a resource. May err to true. */
export function canName({ actions, resources }: IamStatement, action: string, arn: string): boolean {
  const selects = (
    { isNot, values }: Selection,
    text: string,
    test: (value: string, text: string) => boolean,
  ) => (isNot ? !values.some((it) => holdsIn(it, text)) : values.some((it) => test(it, text)));
  return (
    selects(
      { ...actions, values: actions.values.map((it) => it.toLowerCase()) },
      action.toLowerCase(),
      meets,
    ) &&
    (!resources || selects(resources, arn, meetsObject))
  );
}

function meetsObject(value: string, arn: string): boolean {
  return value === "*" || matches(pattern(value), literalParts(arn)) !== "no";
}

/** Returns true if everything that the narrow selection selects is selected by the wide one. */
function covers(wide: Selection, narrow: Selection, fold = (it: string) => it): boolean {
  const [w, n] = [wide, narrow].map(({ values }) => values.map(fold));
  if (!wide.isNot && !narrow.isNot) return n.every((it) => w.some((other) => holdsIn(other, it)));
  if (wide.isNot && !narrow.isNot) return n.every((it) => !w.some((other) => meets(other, it)));
  if (!wide.isNot) return w.some((it) => /^\*+$/.test(it));
  return w.every((it) => n.some((other) => holdsIn(other, it)));
}

/** Returns true if the wide pattern matches whatever the narrow one matches. ARNs are compared by segments. */
function holdsIn(wide: string, narrow: string): boolean {
  const [w, n] = [segments(wide), segments(narrow)];
  if (w.length === n.length) return w.every((it, index) => includes(it, n[index]));
  return includes(pattern(wide), pattern(narrow));
}

function meets(one: string, other: string): boolean {
  const [a, b] = [segments(one), segments(other)];
  if (a.length === b.length) return a.every((it, index) => overlap(it, b[index]));
  return overlap(pattern(one), pattern(other));
}

function segments(text: string): (readonly Part[])[] {
  if (!text.startsWith("arn:")) return [pattern(text)];
  const parts = arnSegments(text);
  while (parts.length < 6) parts.push("*");
  return parts.map(pattern);
}

function pattern(text: string): readonly Part[] {
  // Repeated asterisks mean the same as one.
  return partsOf(text.replace(/\*+/g, "*"))!;
}

/** Returns true if the first conditions hold only where the second ones hold. */
export function impliesAll(strict: Residual, loose: Residual): boolean {
  return loose.every((it) => strict.some((other) => implies(other, it)));
}

const ALIASES: Readonly<Record<string, string>> = { arnlike: "arnequals", arnnotlike: "arnnotequals" };

function implies(strict: IamCondition, loose: IamCondition): boolean {
  if (conditionKey(strict) === conditionKey(loose)) return true;
  const [s, l] = [parseOperator(strict.operator), parseOperator(loose.operator)];
  if (strict.key.toLowerCase() !== loose.key.toLowerCase() || s.set !== l.set) return false;
  // An operator with IfExists holds wherever the one without holds.
  if (s.ifExists && !l.ifExists) return false;
  const [one, other] = [ALIASES[s.base] ?? s.base, ALIASES[l.base] ?? l.base];
  const hasWildcards = /like$|^arn/.test(one) && /like$|^arn/.test(other);
  const isText = (base: string) => /^(string|arn)/.test(base);
  if (one !== other && !(one === "stringequals" && other === "stringlike")) return false;
  const wide = one !== other || hasWildcards;
  const inside = (value: string, of: readonly string[]) =>
    of.some((it) =>
      !wide
        ? it === value
        : one === other
          ? holdsIn(it, value)
          : includes(pattern(it), partsOf(value, undefined, false)!),
    );
  if (!isText(one) && !/^(bool|null|ipaddress|notipaddress|binaryequals|numericequals|dateequals)$/.test(one))
    return false;
  return s.isNegative
    ? loose.values.every((value) => inside(value, strict.values))
    : strict.values.every((value) => inside(value, loose.values));
}

/** Change of a decision. `cannot be said`: it depends on what is not known, and differently than before. */
export type DecisionChange = "same" | "more" | "less" | "cannot be said";

/** Compares what a request is allowed before and after, with the conditions that remain. */
export function compareDecisions(before: Decision, after: Decision): DecisionChange {
  const more = !isWithin(after, before);
  const less = !isWithin(before, after);
  if (!more) return less ? "less" : "same";
  const isPlain = (conditions: readonly Residual[]) =>
    conditions.every((it) => it.every(({ operator }) => operator !== "unknown"));
  return isPlain(after.ways) && isPlain(before.ways) && isPlain(before.denials) ? "more" : "cannot be said";
}

/** Returns true if the inner decision allows only what the outer one allows. */
function isWithin(inner: Decision, outer: Decision): boolean {
  if (isDenied(inner)) return true;
  if (isDenied(outer)) return false;
  const waysAreWithin = inner.ways.every((way) => outer.ways.some((other) => impliesAll(way, other)));
  return (
    waysAreWithin && outer.denials.every((denial) => inner.denials.some((other) => impliesAll(denial, other)))
  );
}

function isDenied({ result }: Decision): boolean {
  return result === "explicitly denied" || result === "implicitly denied";
}
