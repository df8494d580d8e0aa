/** Whether `+` stands for a segment in it. Vault looks for `/+` and not for a whole segment. */
export function hasSegmentWildcards(path: string): boolean {
  return path === "+" || path.includes("/+") || path.startsWith("+/");
}

/** Place of a wildcard pattern among those that match the same path. */
export interface Rank {
  readonly text: string;
  readonly isPrefix: boolean;
  readonly firstWildcard: number;
  readonly wildcards: number;
  readonly length: number;
}

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

/** Vault's order of wildcard patterns that match the same path. */
export function precedes(one: Rank, other: Rank): boolean {
  const difference =
    one.firstWildcard - other.firstWildcard ||
    Number(other.isPrefix) - Number(one.isPrefix) ||
    other.wildcards - one.wildcards ||
    one.length - other.length;
  return difference === 0 ? one.text > other.text : difference > 0;
}

/** Vault compares bytes, and a path may have other characters than ASCII. */
function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

/** Sorts patterns as Vault prefers them for a path that they match: one without wildcards first. */
export function byPrecedence(one: string, other: string): number {
  const difference = Number(isWildcard(one)) - Number(isWildcard(other));
  if (difference !== 0 || one === other) return difference;
  return precedes(rankOf(one), rankOf(other)) ? -1 : 1;
}

/** Whether a pattern can match several paths. */
export function isWildcard(pattern: string): boolean {
  return pattern.endsWith("*") || hasSegmentWildcards(pattern);
}
