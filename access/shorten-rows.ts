import type { Row } from "./diff-rows";

/** Number of rows with the same structure from which they become one row. */
const SIMILAR = 5;

/** Limit of values in one row. */
const MOST_VALUES = 100;

const VALUE = /\u0002[^\u0003]*\u0003/g;

/**
 * Merges rows that differ in a single value of their description, such as the path. The merged row lists all values in
 * the order of the rows, so that no row is lost.
 */
export function shortenRows(rows: readonly Row[]): Row[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = structureOf(row);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].flatMap((group) =>
    group.length < SIMILAR ? group : chunks(group).map(merged),
  );
}

function structureOf({ change, occurrences }: Row): string {
  const { kind, direction, labels, concerns, untilNow, remarks, what } = change;
  const [only, ...others] = occurrences;
  const isSimple = others.length === 0 && what.match(VALUE)?.length === 1;
  const subjects = only.changes.map(({ subject }) => subject);
  const text = isSimple
    ? what.replace(VALUE, "\u0001")
    : [what, ...occurrences.map(({ environment }) => environment)];
  return JSON.stringify([
    kind,
    direction,
    labels,
    concerns,
    untilNow,
    remarks,
    text,
    only.environment,
    subjects,
  ]);
}

function merged(rows: readonly Row[]): Row {
  const [{ change, occurrences }] = rows;
  const values = rows.map((row) => row.change.what.match(VALUE)![0]);
  const what = change.what.replace(VALUE, () => values.join(", "));
  const [{ environment, changes }] = occurrences;
  return {
    change: { ...change, what },
    occurrences: [{ environment, changes: changes.map((it) => ({ ...it, what })) }],
  };
}

function chunks(rows: readonly Row[]): Row[][] {
  const count = Math.ceil(rows.length / MOST_VALUES);
  return Array.from({ length: count }, (_, at) => rows.slice(at * MOST_VALUES, (at + 1) * MOST_VALUES));
}
