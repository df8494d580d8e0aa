import type { Change } from "./changes";
import type { EnvironmentDiff } from "./diff";
import { type Grade, GRADES, gradeOf, isProduction } from "./diff-rows";

/** Effect of all changes together. */
export type Verdict = Grade | "unknown" | "none";

/** Most severe effect of all changes. @param unknown reasons why the comparison is not complete @default - none */
export function verdictOf(diffs: readonly EnvironmentDiff[], unknown: readonly string[] = []): Verdict {
  const grades = new Set(diffs.flatMap(({ changes }) => changes.map(gradeOf)));
  const worst = GRADES.find((grade) => grades.has(grade));
  if (worst === "dangerous" || worst === "wider" || unknown.length === 0) return worst ?? "none";
  return "unknown";
}

/** Number of changes by grade. */
function summaryOf(changes: readonly Change[]): string {
  const count = (...grades: Grade[]) => changes.filter((change) => grades.includes(gradeOf(change))).length;
  const [unclear, same] = [count("changed"), count("same")];
  return [
    `${count("dangerous")} dangerous`,
    `${count("wider")} wider`,
    ...(unclear > 0 ? [`${unclear} of unknown effect`] : []),
    `${count("narrower")} narrower`,
    ...(same > 0 ? [`${same} of operation`] : []),
  ].join(", ");
}

/** Environments with the same summary, production first. */
export function summariesOf(
  diffs: readonly EnvironmentDiff[],
): { readonly environments: readonly string[]; readonly summary: string }[] {
  const found = new Map<string, string[]>();
  const sorted = [...diffs].sort(
    (one, other) => Number(isProduction(other.environment)) - Number(isProduction(one.environment)),
  );
  for (const { environment, changes } of sorted) {
    if (changes.length === 0) continue;
    const summary = summaryOf(changes);
    found.set(summary, [...(found.get(summary) ?? []), environment]);
  }
  return [...found].map(([summary, environments]) => ({ environments, summary }));
}

/** Notes of all environments, without duplicates. */
export function notesOf(diffs: readonly EnvironmentDiff[]): string[] {
  return [...new Set(diffs.flatMap(({ notes }) => notes))];
}
