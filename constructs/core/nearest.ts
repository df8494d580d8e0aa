import { closest, distance } from "fastest-levenshtein";

/** Finds the known name that a misspelt name probably means. @returns undefined if none is similar */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const [wanted, names] = [name.toLowerCase(), known.map((it) => it.toLowerCase())];
  const near = closest(wanted, names);
  // A third of the letters may differ, and two of a short name.
  const limit = Math.max(2, Math.floor(name.length / 3));
  return distance(wanted, near) <= limit ? known[names.indexOf(near)] : undefined;
}
