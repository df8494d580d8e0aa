import { visibleLine } from "../constructs/core/visible";

/**
 * Escapes text from the CDK app for GitHub's Markdown. The result stays on one line and cannot mention users or contain
 * links.
 * @see https://github.github.com/gfm/
 */
export function escapeMarkdown(text: string): string {
  return visibleLine(text.replace(/\s+/g, " ")).replace(
    /[&<|`*~[\]\\!$]|(?<!\w)_|_(?!\w)|[@#]|:(?=\/\/)|\bwww(?=\.)/g,
    (sign) => (/^[@#:w]/.test(sign) ? `${sign}&#8203;` : `&#${sign.charCodeAt(0)};`),
  );
}

/** Inline code, which GitHub does not interpret. */
export function code(text: string): string {
  const line = visibleLine(text.replace(/\s+/g, " "));
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = "`".repeat(longest + 1);
  const padding = /^`|`$/.test(line) || (line.startsWith(" ") && line.endsWith(" ")) ? " " : "";
  return line === "" ? "" : `${fence}${padding}${line}${padding}${fence}`;
}

/** Marks text as taken from the CDK app. `renderMarked` and `plain` read the marks. */
export function mark(text: string): string {
  return `\u0002${text}\u0003`;
}

const MARKED = /\u0002([^\u0003]*)\u0003/;

/** Renders marked text as inline code, and escapes the rest. */
export function renderMarked(text: string): string {
  return text
    .split(MARKED)
    .map((part, index) => (index % 2 === 1 ? code(part) : escapeMarkdown(part)))
    .join("");
}

/** Text without marks. */
export function plain(text: string): string {
  return text.replace(/[\u0002\u0003]/g, "");
}

/** Lines of a Markdown table. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  // In a table, a bar must be escaped even in inline code.
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)];
}

/** Like `code`, for use in HTML, where GitHub does not interpret Markdown. */
export function htmlCode(text: string): string {
  return `<code>${escapeMarkdown(text)}</code>`;
}

/** Collapsed section with lines of Markdown. @param summary HTML */
export function folded(summary: string, lines: readonly string[]): string[] {
  return [`<details><summary>${summary}</summary>`, "", ...lines, "", "</details>"];
}
