import { readFileSync, writeFileSync } from "node:fs";

/** Row of the table in docs/testing.md. */
export interface Row {
  readonly folder: string;
  readonly fault: string;
  /** Test that failed, or the outcome if none did. */
  readonly by: string;
}

/** Outcome of a fault that no test detected. */
export const SURVIVED = "**survived**";
/** Outcome of a fault that was not tested yet. */
export const NOT_TRIED = "not tried yet";

const PAGE = "docs/testing.md";
const START = "<!-- npm run mutate writes from here -->";
const END = "<!-- to here -->";
const ROW = /^\| `([^`]+)` \| (.+) \| (.+) \|$/gm;

/**
 * Writes the outcome of one fault to the page.
 * @param all every fault with its folder, in order; the outcomes of the others are kept
 */
export function writeRow(row: Row, all: readonly Omit<Row, "by">[]): void {
  const page = readFileSync(PAGE, "utf8");
  const [before, after] = [page.indexOf(START) + START.length, page.indexOf(END)];
  if (after < before) throw new Error(`${PAGE} must have the lines ${START} and ${END}`);
  const known = [...page.slice(before, after).matchAll(ROW)].map(([, , fault, by]) => ({ fault, by }));
  const rows = all.map(({ folder, fault }): Row => {
    const by = [row, ...known].find((it) => it.fault === fault)?.by;
    return { folder, fault, by: by ?? NOT_TRIED };
  });
  writeFileSync(
    PAGE,
    `${page.slice(0, before)}\n\n${summary(rows)}\n\n${table(rows)}\n\n${page.slice(after)}`,
  );
}

function summary(rows: readonly Row[]): string {
  const count = (text: string) => rows.filter(({ by }) => by === text).length;
  const [survivors, golden, untried] = [SURVIVED, "`golden`", NOT_TRIED].map(count);
  const red = rows.length - survivors - golden - untried;
  return (
    `Of ${rows.length} faults ${red} turned a test of their behaviour red, ${golden} the golden files alone, ` +
    `${survivors} survived and ${untried} were not tried yet.`
  );
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ folder, fault, by }) => `| \`${folder}\` | ${fault} | ${by} |`);
  return ["| Folder | Fault | Red |", "|---|---|---|", ...lines].join("\n");
}
