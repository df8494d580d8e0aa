import { whereReadable } from "./readable";
import type { Environment } from "./schema";

export type Path = readonly (string | number)[];

/** Tells of a problem: where it is, what was received, and what is allowed. */
export type Report = (path: Path, received: unknown, allowed: string) => void;

/**
 * Compares fields of one environment with each other. Each check stands by itself, so that fields which cannot be read
 * silence those alone that read them.
 */
export type Check = (environment: Environment, report: Report) => void;

/** Indices of those whose key an earlier one has; what has none, or none that can be read, is not compared. */
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

/** The first of which something holds, as far as it can be read. */
export function firstOf<T>(items: readonly T[], holds: (item: T) => unknown): T | undefined {
  const found = [...items.keys()].find((index) => whereReadable(() => holds(items[index])));
  return found === undefined ? undefined : items[found];
}

/** What is told of each, as far as it can be read. */
export function allReadable<T, R>(items: readonly T[], of: (item: T) => R): R[] {
  return [...items.keys()].flatMap((index) => whereReadable(() => [of(items[index])]) ?? []);
}
