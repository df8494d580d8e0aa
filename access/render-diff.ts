import { renderColumns } from "./table";
import { type Change, CHANGE_KINDS, type ChangeKind, isDangerous } from "./changes";
import type { EnvironmentDiff } from "./diff";
import { type Format, plural, printJson, some } from "./format";
import { code, escapeMarkdown, folded, markdownTable, plain, renderMarked } from "./markdown";

/** Marker by which a workflow finds its earlier comment. */
export const COMMENT_MARKER = "<!-- vault-platform access -->";

/** Limit of rows outside the collapsed sections. */
const MOST_ROWS = 20;
const MOST_SUBJECTS = 3;

/** Limit of characters in a comment. GitHub accepts fewer than 65,536. */
const MOST_CHARACTERS = 60_000;

const TITLES: Readonly<Record<ChangeKind, string>> = {
  destruction: "Destroyed or replaced",
  identity: "Identities",
  capability: "Capabilities",
  login: "Logins",
  lifetime: "Life of tokens",
  credentials: "Credentials of engines",
  network: "Network",
  elsewhere: "Rights in Kubernetes and AWS",
};

/** Effect of all changes together. */
export type Verdict = "dangerous" | "wider" | "narrower" | "none";

/** Most severe effect of all changes. */
export function verdictOf(diffs: readonly EnvironmentDiff[]): Verdict {
  const changes = diffs.flatMap((diff) => diff.changes);
  if (changes.some(isDangerous)) return "dangerous";
  if (changes.some(({ direction }) => direction !== "narrower")) return "wider";
  return changes.length > 0 ? "narrower" : "none";
}

/** Renders the changes for a terminal, a program or a pull request. */
export function renderDiff(diffs: readonly EnvironmentDiff[], format: Format): string {
  switch (format) {
    case "json":
      return printJson({
        verdict: verdictOf(diffs),
        environments: diffs.map(({ environment, changes, notes }) => ({
          name: environment,
          changes: changes.map(describeChange),
          notes,
        })),
      });
    case "markdown":
      return markdown(diffs);
    case "table":
      return groupsOf(diffs).map(table).join("\n\n") || "No change of access.";
  }
}

function describeChange(change: Change) {
  const { what, details } = change;
  return { ...change, what: plain(what), details: details.map(plain), dangerous: isDangerous(change) };
}

/** Environments with the same changes. */
interface Group {
  readonly environments: readonly string[];
  readonly changes: readonly Change[];
  readonly notes: readonly string[];
}

function groupsOf(diffs: readonly EnvironmentDiff[]): Group[] {
  const groups = new Map<string, { environments: string[]; changes: readonly Change[]; notes: string[] }>();
  for (const { environment, changes, notes } of diffs) {
    if (changes.length === 0) continue;
    const key = JSON.stringify(changes).replaceAll(`${environment}-`, "-");
    const group = groups.get(key);
    if (!group) groups.set(key, { environments: [environment], changes, notes: [...notes] });
    else group.environments.push(environment);
  }
  return [...groups.values()];
}

/** One change, with all subjects to which it applies. */
interface Row {
  readonly change: Change;
  readonly subjects: readonly string[];
}

function rowsOf(changes: readonly Change[]): Row[] {
  const rows = new Map<string, { change: Change; subjects: string[] }>();
  for (const change of changes) {
    const key = JSON.stringify([change.kind, change.what, change.labels]);
    const row = rows.get(key);
    if (row) row.subjects.push(change.subject);
    else rows.set(key, { change, subjects: [change.subject] });
  }
  return [...rows.values()];
}

function summaryOf(changes: readonly Change[]): string {
  const dangerous = changes.filter(isDangerous).length;
  const wider = changes.filter((change) => !isDangerous(change) && change.direction !== "narrower").length;
  const narrower = changes.length - dangerous - wider;
  return [`${dangerous} dangerous`, `${wider} wider`, `${narrower} narrower`].join(", ");
}

function table({ environments, changes, notes }: Group): string {
  const rows = [...rowsOf(changes)]
    .sort(dangerousFirst)
    .map(({ change, subjects }) => [
      change.labels.join(", ") || "-",
      some(subjects, MOST_SUBJECTS),
      plain(change.what),
    ]);
  return [
    `${environments.join(", ")}: ${summaryOf(changes)}`,
    "",
    renderColumns([["risk", "who or what", "change"], ...rows]),
    ...notes.map((note) => `note: ${note}`),
  ].join("\n");
}

const dangerousFirst = (one: Row, other: Row) =>
  Number(isDangerous(other.change)) - Number(isDangerous(one.change));

function markdown(diffs: readonly EnvironmentDiff[]): string {
  const verdict = verdictOf(diffs);
  const titles: Readonly<Record<Verdict, string>> = {
    dangerous: "this change is dangerous",
    wider: "this change widens it",
    narrower: "this change narrows it",
    none: "no change",
  };
  const lines = [COMMENT_MARKER, `### Access to Vault: ${titles[verdict]}`];
  for (const group of groupsOf(diffs)) lines.push("", ...section(group));
  const text = lines.join("\n");
  if (text.length <= MOST_CHARACTERS) return `${text}\n`;
  const cut = [COMMENT_MARKER, lines[1]];
  for (const group of groupsOf(diffs)) cut.push("", ...opening(group));
  return `${cut.join("\n").slice(0, MOST_CHARACTERS)}\n\nThe details are too long for a comment: --format json has them.\n`;
}

function section(group: Group): string[] {
  const { changes, notes } = group;
  const details = CHANGE_KINDS.flatMap((kind) => {
    const rows = rowsOf(changes.filter((change) => change.kind === kind));
    return rows.length === 0 ? [] : ["", `**${TITLES[kind]}**`, "", ...rows.flatMap(detailsOf)];
  });
  const all = [...details.slice(1), ...notes.map((note) => `- note: ${escapeMarkdown(note)}`)];
  return [...opening(group), "", ...folded(`${plural(changes.length, "change")} in detail`, all)];
}

/** Visible part of a section: the dangerous changes, or if there are none, those that widen access. */
function opening({ environments, changes }: Group): string[] {
  const all = rowsOf(changes);
  const dangerous = all.filter(({ change }) => isDangerous(change));
  const wider = all.filter(({ change }) => change.direction !== "narrower");
  const shown = dangerous.length > 0 ? dangerous : wider;
  const rows = shown
    .slice(0, MOST_ROWS)
    .map(({ change, subjects }) => [
      change.labels.map((label) => `**${label}**`).join(", ") || "-",
      code(some(subjects, MOST_SUBJECTS)),
      renderMarked(change.what),
    ]);
  const rest = shown.length - rows.length;
  return [
    `**${escapeMarkdown(environments.join(", "))}**: ${summaryOf(changes)}`,
    ...(rows.length > 0 ? ["", ...markdownTable(["Risk", "Who or what", "Change"], rows)] : []),
    ...(rest > 0 ? ["", `and ${plural(rest, "more row")} below`] : []),
  ];
}

function detailsOf({ change, subjects }: Row): string[] {
  const labels = change.labels.length > 0 ? ` (${change.labels.join(", ")})` : "";
  return [
    `- ${code(some(subjects, MOST_SUBJECTS))} ${renderMarked(change.what)}${labels}`,
    ...change.details.map((detail) => `  - ${renderMarked(detail)}`),
  ];
}
