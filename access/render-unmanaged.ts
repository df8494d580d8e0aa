import { renderColumns } from "./table";
import { type Format, plural, printJson } from "./format";
import type { UnmanagedReport, UnmanagedObject } from "./unmanaged";
import { code, escapeMarkdown, markdownTable } from "./markdown";

/** Renders the objects in Vault that the code does not define, or defines differently. */
export function renderUnmanaged({ environment, strays, denied }: UnmanagedReport, format: Format): string {
  const count = `${environment}: ${plural(strays.length, "thing")} in Vault that the code does not have, or has otherwise`;
  const nameOf = ({ name, namespace }: UnmanagedObject) => (namespace ? `${name} in ${namespace}` : name);
  const doubts = denied.map((path) => `not looked at, because the login may not: ${path}`);
  switch (format) {
    case "json":
      return printJson({ environment, strays, denied });
    case "markdown": {
      const rows = strays.map((it) => [it.kind, code(nameOf(it)), escapeMarkdown(it.what)]);
      return [
        `### ${escapeMarkdown(count)}`,
        ...(rows.length > 0 ? ["", ...markdownTable(["Kind", "Name", "What"], rows)] : []),
        ...(doubts.length > 0 ? ["", ...doubts.map((doubt) => `- ${escapeMarkdown(doubt)}`)] : []),
      ].join("\n");
    }
    case "table": {
      const rows = strays.map((it) => [it.kind, nameOf(it), it.what]);
      return [
        count,
        ...(rows.length > 0 ? ["", renderColumns([["kind", "name", "what"], ...rows])] : []),
        ...doubts,
      ].join("\n");
    }
  }
}
