/** What became of one stack. */
export interface Row {
  readonly stack: string;
  /** @default - not known, because Terraform could not look at the stack */
  readonly resources?: number;
  readonly done: string;
  readonly seconds: number;
}

export function renderTable(rows: readonly Row[]): string {
  const cells = [
    ["stack", "resources", "what was done", "seconds"],
    ...rows.map((row) => [row.stack, row.resources?.toString() ?? "-", row.done, row.seconds.toFixed(1)]),
  ];
  return renderColumns(cells, [1, 3]);
}

/** Lines up the columns; those of numbers to the right. */
export function renderColumns(
  cells: readonly (readonly string[])[],
  numeric: readonly number[] = [],
): string {
  const widths = cells[0].map((_head, column) => Math.max(...cells.map((line) => line[column].length)));
  return cells
    .map((line) =>
      line
        .map((text, column) =>
          numeric.includes(column) ? text.padStart(widths[column]) : text.padEnd(widths[column]),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Seconds since the clock was made. */
export function stopwatch(): () => number {
  const start = process.hrtime.bigint();
  return () => Number(process.hrtime.bigint() - start) / 1e9;
}
