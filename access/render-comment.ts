import { type Change, CHANGE_KINDS, type ChangeKind, type Label } from "./changes";
import { describeChange, describeSubject } from "./describe-change";
import type { EnvironmentDiff } from "./diff";
import { concernsSeveral, gradeOf, type Occurrence, type Row, rowsOf } from "./diff-rows";
import { notesOf, summariesOf, type Verdict } from "./diff-summary";
import { plural } from "./format";
import { anchorOf, meaningOf } from "./label-meanings";
import { code, escapeMarkdown, folded, htmlCode, markdownTable, renderMarked } from "./markdown";

import { shortenRows } from "./shorten-rows";

/** Marker by which a workflow finds its earlier comment. */
export const COMMENT_MARKER = "<!-- vault-platform access -->";

/** Limit of rows without a dangerous label. Dangerous rows are always shown. */
const MOST_HARMLESS_ROWS = 20;

/** Limit of changes in the line about operation. */
const MOST_OPERATIONS = 10;

/** Limit of characters in a comment. GitHub accepts fewer than 65,536. */
const MOST_CHARACTERS = 60_000;

const TITLES: Readonly<Record<Verdict, string>> = {
  dangerous: "this change is dangerous",
  wider: "this change widens it",
  changed: "this change has effects that are not known here",
  same: "no change of access, but of operation",
  narrower: "this change narrows it",
  unknown: "not known",
  none: "no change",
};

const KIND_TITLES: Readonly<Record<ChangeKind, string>> = {
  suppression: "Checks that are switched off",
  destruction: "Destroyed or replaced",
  identity: "Identities",
  capability: "Capabilities",
  login: "Logins",
  lifetime: "Life of tokens",
  credentials: "Credentials of engines",
  vault: "Settings of Vault",
  network: "Network",
  elsewhere: "Rights in Kubernetes and AWS",
  unread: "Not analysed",
  operation: "Operation",
};

/** Renders the comment on a pull request. It shows every dangerous row, and folds the details. */
export function renderComment(
  diffs: readonly EnvironmentDiff[],
  verdict: Verdict,
  unknown: readonly string[],
): string {
  const rows = rowsOf(diffs);
  const head = [
    COMMENT_MARKER,
    `### Access to Vault: ${TITLES[verdict]}`,
    ...unknown.flatMap((reason) => ["", `**Not known**: ${escapeMarkdown(reason)}`]),
  ];
  const notes = notesOf(diffs).map((note) => `- note: ${escapeMarkdown(note)}`);
  if (rows.length === 0) return `${[...head, ...(notes.length > 0 ? ["", ...notes] : [])].join("\n")}\n`;
  const summaries = summariesOf(diffs).map(
    ({ environments, summary }) => `**${escapeMarkdown(environments.join(", "))}**: ${summary}`,
  );
  const opening = [...head, "", ...summaries.flatMap((line) => [line, ""]).slice(0, -1)];
  const operation = operationLine(rows);
  const visible = openingRows(
    rows,
    MOST_CHARACTERS - lengthOf(opening) - lengthOf(operation) - lengthOf(legend(rows)),
  );
  const lines = [...opening, "", ...visible, ...operation, ...legend(rows)];
  return `${[...lines, "", ...details(rows, notes, MOST_CHARACTERS - lengthOf(lines))].join("\n")}\n`;
}

/** Changes of operation in one line. They need no review of access. */
function operationLine(rows: readonly Row[]): string[] {
  const texts = rows
    .filter(({ change }) => gradeOf(change) === "same")
    .flatMap((row) => changesOf(row))
    .map((change) => `${code(change.subject)} ${renderMarked(describeChange(change))}`);
  if (texts.length === 0) return [];
  const rest = texts.length - MOST_OPERATIONS;
  const more = rest > 0 ? [`${rest.toLocaleString("en-US")} more in the JSON and the HTML report`] : [];
  return ["", `Operation: ${[...new Set(texts)].slice(0, MOST_OPERATIONS).concat(more).join("; ")}.`];
}

/** Table of all dangerous rows, and of the first others if there is space. */
function openingRows(rows: readonly Row[], space: number): string[] {
  const isShown = ({ change }: Row) => !["narrower", "same"].includes(gradeOf(change));
  const isHarmless = ({ change }: Row) => change.kind !== "suppression" && gradeOf(change) !== "dangerous";
  const serious = shortenRows(rows.filter((row) => !isHarmless(row)));
  const harmless = rows.filter((row) => isHarmless(row) && isShown(row));
  const isSeveral = concernsSeveral(rows);
  const head = ["Risk", ...(isSeveral ? ["Where"] : []), "Who or what", "Change"];
  const cellsOf = (row: Row) => cells(row, isSeveral);
  const table = (shown: readonly Row[]) => (shown.length > 0 ? markdownTable(head, shown.map(cellsOf)) : []);
  let shown = [...serious, ...harmless.slice(0, MOST_HARMLESS_ROWS)];
  if (lengthOf(table(shown)) > space) shown = serious;
  const all = shown.length;
  // The most severe rows come first, so that the limit of GitHub can only hide the others.
  while (shown.length > 0 && lengthOf(table(shown)) > space - 200)
    shown = shown.slice(0, Math.floor(shown.length * 0.9));
  const [cut, rest] = [all - shown.length, serious.length + harmless.length - all];
  return [
    ...table(shown),
    ...(cut > 0
      ? [
          "",
          `and **${plural(cut, "more dangerous row")}** in the JSON and the HTML report: a comment has no space`,
        ]
      : []),
    ...(rest > 0
      ? ["", `and ${plural(rest, "more row")} in the JSON and the HTML report, none of them dangerous`]
      : []),
  ];
}

function cells({ change, occurrences }: Row, isSeveral: boolean): string[] {
  const subjects = distinct(occurrences, ({ changes }) =>
    changes.map((it) => code(describeSubject(it))).join(", "),
  );
  const texts = distinct(occurrences, ({ changes: [first] }) => renderMarked(describeChange(first)));
  return [
    change.labels.map((label) => `**${label}**`).join(", ") || "-",
    ...(isSeveral ? [escapeMarkdown(occurrences.map(({ environment }) => environment).join(", "))] : []),
    subjects,
    texts,
  ];
}

/** One text, or the text of each environment if they differ. */
function distinct(occurrences: readonly Occurrence[], render: (occurrence: Occurrence) => string): string {
  const texts = new Map<string, string[]>();
  for (const occurrence of occurrences) {
    const text = render(occurrence);
    texts.set(text, [...(texts.get(text) ?? []), occurrence.environment]);
  }
  if (texts.size === 1) return [...texts.keys()][0];
  return [...texts].map(([text, names]) => `${escapeMarkdown(names.join(", "))}: ${text}`).join("<br>");
}

/** Explanation of each label in use. */
function legend(rows: readonly Row[]): string[] {
  const labels = new Set<Label>(rows.flatMap(({ change }) => change.labels));
  if (labels.size === 0) return [];
  const items = [...labels].map((label) => `[${label}](${docs()}#${anchorOf(label)}) ${meaningOf(label)}`);
  return ["", `Labels: ${items.join("; ")}.`];
}

/** Page that explains the labels: in the repository of the workflow, or relative to the project. */
function docs(): string {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = process.env;
  const page = "docs/access.md";
  return server && name ? `${server}/${name}/blob/HEAD/${page}` : page;
}

/** Collapsed section with the details of the rows, as far as there is space. */
function details(rows: readonly Row[], notes: readonly string[], space: number): string[] {
  const isSeveral = concernsSeveral(rows);
  const count = rows.reduce((sum, row) => sum + changesOf(row).length, 0);
  const blocks = CHANGE_KINDS.flatMap((kind): string[][] => {
    const ofKind = rows.filter(({ change }) => change.kind === kind);
    return ofKind.map((row, index) => [
      ...(index === 0 ? ["", `**${KIND_TITLES[kind]}**`, ""] : []),
      ...detailsOf(row, isSeveral),
    ]);
  });
  const lines: string[] = [];
  let left = space - lengthOf(notes) - 400;
  let taken = 0;
  for (const block of blocks) {
    left -= lengthOf(block);
    if (left < 0) break;
    lines.push(...block);
    taken++;
  }
  const rest = blocks.length - taken;
  const all = [
    ...lines.slice(1),
    ...(rest > 0
      ? [
          "",
          `The details are too long for a comment: the JSON and the HTML report have ${plural(rest, "more row")}.`,
        ]
      : []),
    ...(notes.length > 0 ? ["", ...notes] : []),
  ];
  return folded(`${plural(count, "change")} in detail`, all);
}

const changesOf = ({ occurrences }: Row): readonly Change[] => occurrences.flatMap(({ changes }) => changes);

/** Lines of a row. Subjects with equal details share a line. */
function detailsOf({ change, occurrences }: Row, isSeveral: boolean): string[] {
  const labels = change.labels.length > 0 ? ` (${change.labels.join(", ")})` : "";
  return occurrences.flatMap(({ environment, changes }) => {
    const where = isSeveral ? `${escapeMarkdown(environment)}: ` : "";
    const groups = new Map<string, Change[]>();
    for (const one of changes) {
      const key = JSON.stringify(one.details.length > 1 ? one.details : []);
      groups.set(key, [...(groups.get(key) ?? []), one]);
    }
    return [...groups.values()].flatMap((equal) => [
      `- ${where}${equal.map((it) => code(describeSubject(it))).join(", ")} ${renderMarked(describeChange(equal[0]))}${labels}`,
      ...equal[0].details.map((detail) => `  - ${renderMarked(detail)}`),
    ]);
  });
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}

/** Comment for a comparison that failed, for example because the guardrails rejected the change. */
export function renderFailure(message: string): string {
  const text = message.slice(0, MOST_CHARACTERS / 2);
  return [
    COMMENT_MARKER,
    "### Access to Vault: not compared",
    "",
    "The change cannot be synthesized, so its effect on access is not known. Do not merge it before this is fixed.",
    "",
    `<pre>${text.split("\n").map(htmlLine).join("\n")}</pre>`,
    "",
  ].join("\n");
}

function htmlLine(line: string): string {
  return line === "" ? "&#8203;" : htmlCode(line).replace(/^<code>|<\/code>$/g, "");
}
