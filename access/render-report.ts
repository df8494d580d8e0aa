import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { visibleLine } from "../constructs/core/visible";
import { COLUMNS, type ReportRow } from "./report-rows";

/**
 * Renders the report as one HTML file that loads nothing from a network. Its content security policy allows the two
 * scripts by their hashes and nothing else, so that a script in a name cannot run.
 */
export function renderReport(title: string, rows: readonly ReportRow[], notes: readonly string[]): string {
  const library = dirname(dirname(require.resolve("tabulator-tables")));
  const scripts = [join(library, "js", "tabulator.min.js"), join(__dirname, "page", "page.js")].map(read);
  const styles = [join(library, "css", "tabulator_simple.min.css"), join(__dirname, "page", "page.css")].map(
    read,
  );
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map(hash).join(" ")}`,
    `style-src ${styles.map(hash).join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeHtml(title)}</title>`,
    ...styles.map((style) => `<style>${style}</style>`),
    "</head>",
    "<body>",
    `<h1>${escapeHtml(title)}</h1>`,
    ...(notes.length > 0 ? ["<ul>", ...notes.map((note) => `<li>${escapeHtml(note)}</li>`), "</ul>"] : []),
    '<form id="filters" role="search" aria-label="Filters"></form>',
    '<p id="count" role="status" aria-live="polite"></p>',
    '<div id="table"></div>',
    "<noscript>This page needs JavaScript, which it contains.</noscript>",
    `<script type="application/json" id="data">${data(rows)}</script>`,
    ...scripts.map((script) => `<script>${script}</script>`),
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function read(file: string): string {
  // The end tag of the element, and the map, which would be loaded from a network.
  return readFileSync(file, "utf8")
    .replace(/\n?\/[/*]# sourceMappingURL=.*$/m, "")
    .replaceAll("</script", "<\\/script");
}

function hash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** Rows as JSON. Most texts occur in many rows, so each is written once. */
function data(rows: readonly ReportRow[]): string {
  const indices = new Map<string, number>();
  const indexOf = (text: string) => {
    if (!indices.has(text)) indices.set(text, indices.size);
    return indices.get(text)!;
  };
  const cells = rows.map((row) => COLUMNS.map((column) => indexOf(visibleLine(row[column]))));
  return JSON.stringify({ columns: COLUMNS, texts: [...indices.keys()], rows: cells }).replaceAll(
    "<",
    "\\u003c",
  );
}

function escapeHtml(text: string): string {
  return visibleLine(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
