import { renderColumns } from "./table";
import { type Change, isDangerous } from "./changes";
import { describeChange, describeSubject } from "./describe-change";
import type { EnvironmentDiff } from "./diff";
import { concernsSeveral, type Row, rowsOf, sortChanges } from "./diff-rows";
import { notesOf, summariesOf, verdictOf } from "./diff-summary";
import { type Format, printJson, some } from "./format";
import { plain } from "./markdown";
import { renderComment } from "./render-comment";

/** Number of subjects in a row of the table; the JSON format has all of them. */
const MOST_SUBJECTS = 12;

/**
 * Renders the changes for a terminal, a program or a pull request.
 * @param unknown reasons why the comparison is not complete @default - none
 */
export function renderDiff(
  diffs: readonly EnvironmentDiff[],
  format: Format,
  unknown: readonly string[] = [],
): string {
  const verdict = verdictOf(diffs, unknown);
  switch (format) {
    case "json":
      return printJson({
        verdict,
        ...(unknown.length > 0 && { unknown }),
        environments: diffs.map(({ environment, changes, notes }) => ({
          name: environment,
          changes: sortChanges(changes).map(plainChange),
          notes,
        })),
      });
    case "markdown":
      return renderComment(diffs, verdict, unknown);
    case "table":
      return table(diffs, unknown);
  }
}

function plainChange(change: Change) {
  const { what, details, remarks } = change;
  return {
    ...change,
    what: plain(what),
    details: details.map(plain),
    ...(remarks && { remarks: remarks.map(plain) }),
    dangerous: isDangerous(change),
  };
}

function table(diffs: readonly EnvironmentDiff[], unknown: readonly string[]): string {
  const doubts = unknown.map((reason) => `not known: ${reason}`);
  const rows = rowsOf(diffs);
  const notes = notesOf(diffs).map((note) => `note: ${note}`);
  if (rows.length === 0) {
    const title = doubts.length > 0 ? "No change of access is known." : "No change of access.";
    return [title, ...doubts, ...notes].join("\n");
  }
  const isSeveral = concernsSeveral(rows);
  const cells = rows.flatMap((row) => rowCells(row, isSeveral));
  return [
    ...summariesOf(diffs).map(({ environments, summary }) => `${environments.join(", ")}: ${summary}`),
    ...doubts,
    "",
    renderColumns([["risk", ...(isSeveral ? ["where"] : []), "who or what", "change"], ...cells]),
    ...notes,
  ].join("\n");
}

/** One line, or one line for each environment if their values differ. */
function rowCells({ change, occurrences }: Row, isSeveral: boolean): string[][] {
  const lines = new Map<string, { where: string[]; cells: string[] }>();
  for (const { environment, changes } of occurrences) {
    const cells = [some(changes.map(describeSubject), MOST_SUBJECTS), plain(describeChange(changes[0]))];
    const line = lines.get(JSON.stringify(cells));
    if (line) line.where.push(environment);
    else lines.set(JSON.stringify(cells), { where: [environment], cells });
  }
  return [...lines.values()].map(({ where, cells }) => [
    change.labels.join(", ") || "-",
    ...(isSeveral ? [where.join(", ")] : []),
    ...cells,
  ]);
}
