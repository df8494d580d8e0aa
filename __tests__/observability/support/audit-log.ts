import type { Condition, Detection } from "../../../constructs/observability/detections/detection";

/** Line of Vault's audit log. */
export type Entry = Readonly<Record<string, unknown>>;

/** Value of a field such as `request.path`. */
export function valueOf(entry: Entry, field: string): unknown {
  return field
    .split(".")
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], entry);
}

/** Runs a detection on entries like the queries. @returns the matching entries, or the origins of bursts */
export function find({ when, burst }: Detection, entries: readonly Entry[]): Entry[] | string[] {
  const fitting = entries.filter((entry) => when.every((condition) => holds(condition, entry)));
  if (!burst) return fitting;
  const windows = new Map<string, Entry[]>();
  for (const entry of fitting) {
    const window = Math.floor(Date.parse(String(entry.time)) / 1000 / burst.within.toSeconds());
    const key = `${window} ${String(valueOf(entry, burst.by))}`;
    windows.set(key, [...(windows.get(key) ?? []), entry]);
  }
  const count = (own: Entry[]) => new Set(own.map((entry) => valueOf(entry, burst.distinct))).size;
  return [...windows]
    .filter(([, own]) => count(own) > burst.moreThan)
    .map(([key]) => key.slice(key.indexOf(" ") + 1));
}

function holds(condition: Condition, entry: Entry): boolean {
  if ("not" in condition) return !holds(condition.not, entry);
  const value = valueOf(entry, condition.field);
  if ("absent" in condition) return value === undefined;
  const values = (Array.isArray(value) ? value : [value]).filter((it) => typeof it === "string");
  if ("oneOf" in condition) return values.some((it) => condition.oneOf.includes(it));
  if ("contains" in condition) return values.some((it) => it.includes(condition.contains));
  return values.some((it) => condition.startsWith.some((start) => it.startsWith(start)));
}
