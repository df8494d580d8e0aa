import type { Suppression } from "../hardening/suppression";
import { renderColumns } from "../access/table";
import type { HardeningReport, ReportedFinding, ReportedPlatform } from "./program/readers/hardening";

/** Output formats of the report. */
export const FORMATS = ["table", "json", "markdown"] as const;
/** Output format of the report. */
export type Format = (typeof FORMATS)[number];

/** Renders a hardening report. */
export function renderReport({ platforms, unneeded }: HardeningReport, format: Format): string {
  switch (format) {
    case "json":
      return JSON.stringify(
        { environments: platforms.map(describe), unneededSuppressions: unneeded },
        undefined,
        2,
      );
    case "markdown":
      return [...platforms.map(markdown), ...list(unneeded, (it) => `- ${cell(it)}`)].join("\n\n");
    case "table":
      return [...platforms.map(table), ...list(unneeded, (it) => `  ${it}`)].join("\n\n");
  }
}

/** Suppressions without a finding: it is fixed, or it never existed. */
function list(unneeded: readonly Suppression[], render: (line: string) => string): string[] {
  if (unneeded.length === 0) return [];
  const lines = unneeded.map(({ ruleId, path, reason }) =>
    render(`${ruleId} at ${path || "the app"}: ${reason}`),
  );
  return [["Suppressions that accept nothing:", "", ...lines].join("\n")];
}

const titleOf = ({ name }: ReportedPlatform) => name ?? "stacks of no environment";

function summaryOf(platform: ReportedPlatform): string {
  const { open, accepted } = findingsOf(platform);
  const count = (level: string) => open.filter((finding) => finding.level === level).length;
  return `${plural(count("error"), "error")}, ${plural(count("warning"), "warning")}, ${accepted.length} accepted`;
}

function findingsOf({ findings }: ReportedPlatform): {
  open: ReportedFinding[];
  accepted: ReportedFinding[];
} {
  const open = findings.filter(({ suppression }) => !suppression);
  return {
    open: [
      ...open.filter(({ level }) => level === "error"),
      ...open.filter(({ level }) => level === "warning"),
    ],
    accepted: findings.filter(({ suppression }) => suppression),
  };
}

/** Up to two places, or the first one and the number of the others. */
function placeOf({ where }: ReportedPlatform["items"][number]): string {
  if (where.length === 0) return "-";
  return where.length <= 2 ? where.join(", ") : `${where[0]} and ${where.length - 1} more`;
}

function table(platform: ReportedPlatform): string {
  const { open, accepted } = findingsOf(platform);
  const rows = platform.items.map((it) => [it.item.title, it.state, placeOf(it)]);
  const lines = [
    `${titleOf(platform)}: ${summaryOf(platform)}`,
    "",
    renderColumns([["item", "state", "where"], ...rows]),
  ];
  for (const { level, rule, path, problem } of open) {
    lines.push("", `${level} ${rule.id} at ${path}`, `  ${problem}`, `  ${rule.fix}`);
  }
  if (accepted.length > 0) lines.push("", "Accepted:");
  for (const { rule, path, problem, suppression } of accepted) {
    lines.push(`  ${rule.id} at ${path}: ${problem}`, `    because ${suppression!.reason}`);
  }
  return lines.join("\n");
}

function markdown(platform: ReportedPlatform): string {
  const { open, accepted } = findingsOf(platform);
  const lines = [`### Hardening of ${titleOf(platform)}`, "", summaryOf(platform), ""];
  lines.push("| Item | State | Where |", "|---|---|---|");
  for (const it of platform.items) {
    lines.push(`| ${cell(it.item.title)} | ${it.state} | ${cell(placeOf(it))} |`);
  }
  if (open.length > 0) lines.push("", "| Level | Rule | Where | What | Fix |", "|---|---|---|---|---|");
  for (const { level, rule, path, problem } of open) {
    const [where, what, fix] = [path, problem, rule.fix].map(cell);
    lines.push(`| ${level} | [${rule.id}](${rule.source}) | ${where} | ${what} | ${fix} |`);
  }
  if (accepted.length > 0) lines.push("", "| Accepted | Where | What | Why |", "|---|---|---|---|");
  for (const { rule, path, problem, suppression } of accepted) {
    lines.push(`| ${[rule.id, path, problem, suppression!.reason].map(cell).join(" | ")} |`);
  }
  return lines.join("\n");
}

/** Text that stays in its table cell, whatever it contains. */
function cell(text: string): string {
  return text
    .replace(/[\\|`<>*_]/g, (sign) => (sign === "<" ? "&lt;" : sign === ">" ? "&gt;" : `\\${sign}`))
    .replace(/\s+/g, " ");
}

function describe({ name, stacks, items, rules }: ReportedPlatform) {
  const describeFinding = ({ rule, level, path, problem, suppression }: ReportedFinding) => ({
    rule: rule.id,
    level,
    path,
    problem,
    fix: rule.fix,
    source: rule.source,
    ...(suppression && { accepted: { reason: suppression.reason, path: suppression.path } }),
  });
  return {
    ...(name !== undefined && { name }),
    stacks,
    items: items.map(({ item, state, where, findings }) => ({
      ...item,
      state,
      where,
      findings: findings.map(describeFinding),
    })),
    rules,
  };
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
