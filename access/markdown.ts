/**
 * Text of the program in Markdown of GitHub: it stays in its line, and can neither mention anyone nor link anywhere.
 * @see https://github.github.com/gfm/
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[&<|`*~[\]\\!$]|(?<!\w)_|_(?!\w)|[@#]|:(?=\/\/)|\bwww(?=\.)/g, (sign) =>
      /^[@#:w]/.test(sign) ? `${sign}&#8203;` : `&#${sign.charCodeAt(0)};`,
    );
}

/** Text as it is, in which GitHub looks for nothing. */
export function code(text: string): string {
  const line = text.replace(/\s+/g, " ");
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = "`".repeat(longest + 1);
  const padding = /^`|`$/.test(line) || (line.startsWith(" ") && line.endsWith(" ")) ? " " : "";
  return line === "" ? "" : `${fence}${padding}${line}${padding}${fence}`;
}

/** Marks a part of a text as one that is taken from the program; `renderMarked` and `plain` know the mark. */
export function mark(text: string): string {
  return `\u0002${text}\u0003`;
}

const MARKED = /\u0002([^\u0003]*)\u0003/;

export function renderMarked(text: string): string {
  return text
    .split(MARKED)
    .map((part, index) => (index % 2 === 1 ? code(part) : escapeMarkdown(part)))
    .join("");
}

export function plain(text: string): string {
  return text.replace(/[\u0002\u0003]/g, "");
}

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  // In a table even code cannot hold a bar.
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)];
}

/** As `code`, within HTML, in which GitHub reads no Markdown. */
export function htmlCode(text: string): string {
  return `<code>${escapeMarkdown(text)}</code>`;
}

/** Lines that are seen when one opens them. @param summary HTML */
export function folded(summary: string, lines: readonly string[]): string[] {
  return [`<details><summary>${summary}</summary>`, "", ...lines, "", "</details>"];
}
