/** Result of one stack. */
export interface Row {
  /** Name of the stack. */
  readonly stack: string;
  /** Number of resources. @default - unknown, because Terraform could not read the stack */
  readonly resources?: number;
  /** Description of the result. */
  readonly done: string;
  /** Duration. */
  readonly seconds: number;
}

/** Renders the results of stacks as a table. */
export function renderTable(rows: readonly Row[]): string {
  const cells = [
    ["stack", "resources", "what was done", "seconds"],
    ...rows.map((row) => [row.stack, row.resources?.toString() ?? "-", row.done, row.seconds.toFixed(1)]),
  ];
  return renderColumns(cells, [1, 3]);
}

/** Aligns columns; numeric columns are aligned to the right. */
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

/** Starts a clock. @returns function that returns the seconds since the start */
export function stopwatch(): () => number {
  const start = process.hrtime.bigint();
  return () => Number(process.hrtime.bigint() - start) / 1e9;
}
