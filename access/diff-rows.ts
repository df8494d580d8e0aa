import { type Change, CHANGE_KINDS, isDangerous } from "./changes";
import type { EnvironmentDiff } from "./diff";
import { weightOf } from "./label-meanings";

/** Equal change of one or several subjects in one environment. */
export interface Occurrence {
  /** Name of the environment. */
  readonly environment: string;
  /** The change of each subject. They differ in the subject, its owner and the details only. */
  readonly changes: readonly Change[];
}

/** Change with all environments and subjects to which it applies. */
export interface Row {
  /** Kind, direction and labels, which are equal in all environments. */
  readonly change: Change;
  /** Environments with their values, production first. */
  readonly occurrences: readonly Occurrence[];
}

/** Severity of a change. Rows of an earlier grade come first. */
export const GRADES = ["dangerous", "wider", "changed", "same", "narrower"] as const;
/** Severity of a change. */
export type Grade = (typeof GRADES)[number];

/** Grade of a change by its labels and its direction. */
export function gradeOf(change: Change): Grade {
  return isDangerous(change) ? "dangerous" : change.direction;
}

/** Returns true for the name of an environment with real users. */
export function isProduction(environment: string): boolean {
  return /(^|[^a-z])(prod|production|prd|live)([^a-z]|$)/i.test(environment);
}

/** Rows of all environments, the most severe first, and those of production before others of the same severity. */
export function rowsOf(diffs: readonly EnvironmentDiff[]): Row[] {
  const rows = new Map<string, Occurrence[]>();
  for (const diff of productionFirst(diffs)) {
    for (const occurrence of occurrencesOf(diff)) {
      const key = structureOf(occurrence);
      const row = rows.get(key);
      if (row) row.push(occurrence);
      else rows.set(key, [occurrence]);
    }
  }
  return [...rows.values()]
    .map((occurrences): Row => ({ change: occurrences[0].changes[0], occurrences }))
    .sort(compareRows);
}

function productionFirst<T extends { readonly environment: string }>(items: readonly T[]): T[] {
  return [...items].sort(
    (one, other) => Number(isProduction(other.environment)) - Number(isProduction(one.environment)),
  );
}

function occurrencesOf({ environment, changes }: EnvironmentDiff): Occurrence[] {
  const found = new Map<string, Change[]>();
  for (const change of changes) {
    const key = JSON.stringify({ ...change, subject: undefined, details: undefined, owner: undefined });
    found.set(key, [...(found.get(key) ?? []), change]);
  }
  return [...found.values()].map((equal) => ({ environment, changes: equal }));
}

/**
 * Key of an occurrence, in which a symbol replaces the name of the environment. Occurrences with equal keys share a row.
 * The row shows the values of every environment, so that nothing is lost if a value contains the name by chance.
 */
function structureOf({ environment, changes }: Occurrence): string {
  const [{ kind, direction, labels, what, concerns, untilNow, remarks }] = changes;
  const subjects = changes.map(({ subject, owner }) => [subject, owner]);
  const texts = JSON.stringify([what, subjects, concerns, untilNow, remarks]);
  return JSON.stringify([kind, direction, labels, withoutName(texts, environment)]);
}

function withoutName(text: string, environment: string): string {
  const name = environment.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return text.replace(new RegExp(`(?<![A-Za-z0-9])${name}(?![A-Za-z0-9])`, "g"), "\u0001");
}

function compareRows({ change: one, occurrences }: Row, { change: other, occurrences: others }: Row): number {
  const isProductions = (all: readonly Occurrence[]) => Number(isProduction(all[0].environment));
  return (
    Number(other.kind === "suppression") - Number(one.kind === "suppression") ||
    GRADES.indexOf(gradeOf(one)) - GRADES.indexOf(gradeOf(other)) ||
    weightOf(other) - weightOf(one) ||
    isProductions(others) - isProductions(occurrences) ||
    CHANGE_KINDS.indexOf(one.kind) - CHANGE_KINDS.indexOf(other.kind)
  );
}

/** Changes of one environment, the most severe first. */
export function sortChanges(changes: readonly Change[]): Change[] {
  const row = (change: Change): Row => ({ change, occurrences: [{ environment: "", changes: [change] }] });
  return changes
    .map(row)
    .sort(compareRows)
    .map(({ change }) => change);
}

/** Returns true if the rows belong to several environments. */
export function concernsSeveral(rows: readonly Row[]): boolean {
  const names = rows.flatMap(({ occurrences }) => occurrences.map(({ environment }) => environment));
  return new Set(names).size > 1;
}
