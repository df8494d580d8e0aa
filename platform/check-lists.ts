import { type Check, type Path, type Report, repeated } from "./check";
import { whereReadable } from "./readable";

/** Rejects duplicates in lists of single values: they are mistakes, and consumers treat them differently. */
export const listChecks: readonly Check[] = [
  (environment, report) => requireDistinct(environment, [], report),
];

function requireDistinct(value: unknown, path: Path, report: Report): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    const values = value as readonly unknown[];
    for (const index of repeated(values, (it) => (typeof it === "object" ? undefined : String(it)))) {
      report([...path, index], values[index], "a value that the list does not have yet");
    }
  }
  for (const key of Object.keys(value)) {
    const below = whereReadable(() => (value as Record<string, unknown>)[key]);
    requireDistinct(below, [...path, Array.isArray(value) ? Number(key) : key], report);
  }
}
