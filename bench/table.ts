import { renderColumns } from "../access/table";
import { median } from "./measure";

/** A table of results. */
export interface Table {
  readonly title: string;
  /** Explanations that the reader needs. */
  readonly notes?: readonly string[];
  readonly columns: readonly string[];
  /** Rows of cells. The first cell is the title of the row; the others are numbers. */
  readonly rows: readonly (readonly string[])[];
}

/** Renders the table. @returns the table as text, or as Markdown */
export function render({ title, notes = [], columns, rows }: Table, markdown: boolean): string {
  const numeric = columns.map((_, column) => column).slice(1);
  if (!markdown) {
    return [title, ...notes, "", renderColumns([columns, ...rows], numeric)].join("\n");
  }
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replace(/\|/g, "\\|")).join(" | ")} |`;
  const rule = line(columns.map((_, column) => (column === 0 ? "---" : "---:")));
  return [
    `### ${title}`,
    "",
    ...notes.flatMap((note) => [note, ""]),
    line(columns),
    rule,
    ...rows.map(line),
  ].join("\n");
}

/** Columns of a repeated measurement. */
export const RANGE = ["min", "median", "max"] as const;

/** Minimum, median and maximum, with their significant digits. */
export function range(values: readonly number[]): string[] {
  return [Math.min(...values), median(values), Math.max(...values)].map(figure);
}

/** Formats a number with its significant digits. */
export function figure(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}

/** Ratio of a measurement to a reference, by medians. */
export function ratio(values: readonly number[], yardstick: readonly number[]): string {
  return `${figure(median(values) / median(yardstick))}x`;
}
