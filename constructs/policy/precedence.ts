/** Returns true if `+` stands for a segment of the path. Vault looks for `/+` and not for a whole segment. */
export function hasSegmentWildcards(path: string): boolean {
  return path === "+" || path.includes("/+") || path.startsWith("+/");
}

/** Priority of a wildcard pattern among those that match the same path. */
export interface Rank {
  /** Pattern without a `*` at its end. */
  readonly text: string;
  /** True if the pattern ends with `*`. */
  readonly isPrefix: boolean;
  /** Offset of the first wildcard, in bytes. */
  readonly firstWildcard: number;
  /** Number of segments that are `+`. */
  readonly wildcards: number;
  /** Length of the text in bytes. */
  readonly length: number;
}

/** Returns the priority of a wildcard pattern. */
export function rankOf(pattern: string): Rank {
  const isPrefix = pattern.endsWith("*");
  const text = isPrefix ? pattern.slice(0, -1) : pattern;
  const segmented = hasSegmentWildcards(pattern);
  return {
    text,
    isPrefix,
    firstWildcard: byteLength(segmented ? pattern.slice(0, pattern.indexOf("+")) : text),
    wildcards: segmented ? text.split("/").filter((segment) => segment === "+").length : 0,
    length: byteLength(text),
  };
}

/** Returns true if Vault prefers the first of two wildcard patterns that match the same path. */
export function precedes(one: Rank, other: Rank): boolean {
  const difference =
    one.firstWildcard - other.firstWildcard ||
    Number(other.isPrefix) - Number(one.isPrefix) ||
    other.wildcards - one.wildcards ||
    one.length - other.length;
  return difference === 0 ? one.text > other.text : difference > 0;
}

/** Length in bytes. Vault compares bytes, and a path may contain characters beyond ASCII. */
function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

/** Compares patterns that match the same path, by Vault's priority. A pattern without wildcards comes first. */
export function byPrecedence(one: string, other: string): number {
  const difference = Number(isWildcard(one)) - Number(isWildcard(other));
  if (difference !== 0 || one === other) return difference;
  return precedes(rankOf(one), rankOf(other)) ? -1 : 1;
}

/** Returns true if a pattern can match several paths. */
export function isWildcard(pattern: string): boolean {
  return pattern.endsWith("*") || hasSegmentWildcards(pattern);
}
