import { renderColumns } from "../access/table";
import { median } from "./measure";

export interface Table {
  readonly title: string;
  /** What one has to know to read it. */
  readonly notes?: readonly string[];
  readonly columns: readonly string[];
  /** The first cell of a row says what it is about; the others are numbers. */
  readonly rows: readonly (readonly string[])[];
}

/** @returns the table as text, or as Markdown */
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

/** The columns of a measurement that was made several times. */
export const RANGE = ["min", "median", "max"] as const;

/** Minimum, median and maximum, with as many digits as are worth reading. */
export function range(values: readonly number[]): string[] {
  return [Math.min(...values), median(values), Math.max(...values)].map(figure);
}

export function figure(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}

/** How many times the yardstick a measurement is, by medians. */
export function ratio(values: readonly number[], yardstick: readonly number[]): string {
  return `${figure(median(values) / median(yardstick))}x`;
}
