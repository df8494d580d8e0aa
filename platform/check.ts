import { whereReadable } from "./readable";
import type { Environment } from "./schema";

/** Path of a field in a definition: its keys and list indices. */
export type Path = readonly (string | number)[];

/** Reports a problem: the path of the field, the received value, and the allowed values. */
export type Report = (path: Path, received: unknown, allowed: string) => void;

/**
 * Compares fields of one environment with each other. Each check is independent: an unreadable field disables only the
 * checks that read it.
 */
export type Check = (environment: Environment, report: Report) => void;

/** Indices of items with the key of an earlier item. Items without a readable key are ignored. */
export function repeated<T>(items: readonly T[], keyOf: (item: T) => string | undefined): number[] {
  const seen = new Set<string>();
  return [...items.keys()].filter((index) => {
    const key = whereReadable(() => keyOf(items[index]));
    if (key === undefined || !seen.has(key)) {
      if (key !== undefined) seen.add(key);
      return false;
    }
    return true;
  });
}

/** First item that satisfies the condition. Unreadable items are ignored. */
export function firstOf<T>(items: readonly T[], holds: (item: T) => unknown): T | undefined {
  const found = [...items.keys()].find((index) => whereReadable(() => holds(items[index])));
  return found === undefined ? undefined : items[found];
}

/** Result of the function for each item. Unreadable items are ignored. */
export function allReadable<T, R>(items: readonly T[], of: (item: T) => R): R[] {
  return [...items.keys()].flatMap((index) => whereReadable(() => [of(items[index])]) ?? []);
}
