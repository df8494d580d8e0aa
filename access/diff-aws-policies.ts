import { comparePolicies, isEqual, type StatementChange } from "../analysis/aws/compare";
import type { Guarded } from "../analysis/aws/grave-actions";
import type { IamPolicy, IamStatement, Selection } from "../analysis/aws/iam-policy";
import { hasUnknown } from "../analysis/aws/pattern";
import { type Change, type Label, sortLabels } from "./changes";
import { mark } from "./markdown";

/** Owner of a policy, for the text of its changes. */
export interface PolicyOwner {
  /** Name for the rows. */
  readonly subject: string;
  /** Path of the construct. */
  readonly details: readonly string[];
  /** Element: permissions, a trust policy, or a boundary. */
  readonly element: "permission" | "trust" | "boundary";
  /** Label of a change that permits more. @default - by the statement */
  readonly label?: Label;
  /** True for a new object. Its permissions for the account itself are not dangerous. @default false */
  readonly isNew?: boolean;
  /** Account of the platform. @default - not known */
  readonly account?: string;
  /** Labels of the objects that a statement reaches. @default - none */
  readonly reached?: (statement: IamStatement) => readonly Label[];
  /** ARN of the resource that has the policy, which texts leave out. @default - a policy of an identity */
  readonly own?: string;
}

/** Label of changes that concern a guarded object. */
export function labelOfGuarded(guarded: Guarded): Label | undefined {
  switch (guarded) {
    case "unseal key":
      return "unseal key";
    case "recovery share":
    case "recovery key":
      return "recovery shares";
    case "snapshots":
    case "state":
      return "whole storage";
    default:
      return undefined;
  }
}

/** Changes between two policies: permissions and denials that are new or gone, statement by statement. */
export function policyChanges(
  before: IamPolicy | undefined,
  after: IamPolicy | undefined,
  owner: PolicyOwner,
): Change[] {
  const difference = comparePolicies(before, after);
  if (isEqual(difference)) return [];
  const { added, removed, unreadAdded, unreadRemoved } = difference;
  const change = (direction: Change["direction"], what: string, labels: readonly Label[]): Change => ({
    kind: "elsewhere",
    direction,
    subject: owner.subject,
    what: `${what}${owner.element === "permission" ? "" : ` (${owner.element})`}`,
    labels: sortLabels(labels),
    details: owner.details,
  });
  const more = (sign: string, it: StatementChange): Change =>
    change("wider", `${sign} ${describe(it, owner)}`, labelsOf(it, owner));
  const less = (sign: string, it: StatementChange): Change =>
    change("narrower", `${sign} ${describe(it, owner)}`, []);
  return [
    ...added.map((it) => (it.effect === "Allow" ? more("+", it) : less("+", it))),
    ...removed.map((it) => (it.effect === "Deny" ? more("-", it) : less("-", it))),
    ...(unreadAdded.length + unreadRemoved.length > 0
      ? [
          change(
            "changed",
            `it cannot be said what changes: ${mark([...unreadAdded, ...unreadRemoved].join(", "))}`,
            ["unreadable", ...(owner.label ? [owner.label] : [])],
          ),
        ]
      : []),
  ];
}

function labelsOf({ effect, statement, onlyConditions }: StatementChange, owner: PolicyOwner): Label[] {
  const { actions, resources, principals } = statement;
  if (effect === "Deny") return ["protection", ...(owner.label ? [owner.label] : [])];
  const labels: Label[] = [...(owner.reached?.(statement) ?? [])];
  const isAll = (selection: Selection | undefined) =>
    !selection || selection.isNot || selection.values.some((it) => /^\*+$/.test(it));
  const isWide = actions.isNot || actions.values.some((it) => /^(\*+|[\w-]+:\*+)$/.test(it));
  if (isWide) labels.push("wildcard");
  if (isWide && isAll(actions) && isAll(resources) && statement.conditions.length === 0) labels.push("root");
  // With other conditions, the statement allows the same to more identities.
  if (onlyConditions) labels.push("protection");
  if (principals && (principals.isNot || principals.values.includes("AWS:*")))
    labels.push("wildcard", ...(owner.label ? [owner.label] : []));
  const isForeign = (principal: string) => {
    const account = /^AWS:arn:[\w-]+:(?:iam|sts)::(\d{12}):/.exec(principal)?.[1];
    return account !== undefined && owner.account !== undefined && account !== owner.account;
  };
  if (principals?.values.some(isForeign))
    labels.push("foreign account", ...(owner.label ? [owner.label] : []));
  if (owner.element !== "permission" || !owner.isNew) labels.push(...(owner.label ? [owner.label] : []));
  if (owner.label !== undefined && hasUnknown(JSON.stringify([actions, principals])))
    labels.push("unreadable");
  return labels;
}

function describe({ effect, statement }: StatementChange, { own }: PolicyOwner): string {
  const { actions, resources, principals, conditions } = statement;
  const texts = [
    `${effect} ${list(actions, "all actions")}`,
    ...(resources && !isOwn(resources, own) ? [`on ${list(resources, "all resources")}`] : []),
    ...(principals ? [`to ${list(principals, "all principals")}`] : []),
    ...(conditions.length > 0 ? [`if ${mark(conditionsOf(statement))}`] : []),
  ];
  return texts.join(" ");
}

/** Returns true if the policy of a resource names the resource itself, or everything, which is the same there. */
function isOwn({ isNot, values }: Selection, own: string | undefined): boolean {
  return own !== undefined && !isNot && values.every((it) => it === "*" || it === own);
}

function list({ isNot, values }: Selection, all: string): string {
  const text = mark(values.map((it) => it.replace(/^AWS:/, "")).join(", "));
  return isNot ? `${all} except ${text}` : text;
}

function conditionsOf({ conditions }: IamStatement): string {
  return conditions
    .map(({ operator, key, values }) => `${operator} ${key} ${values.join(" or ")}`)
    .join(" and ");
}
