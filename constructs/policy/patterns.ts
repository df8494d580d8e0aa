/** Text that occurs in no policy: it matches only wildcards. */
const FRESH = "\ue000";

/** Requirement of a pattern for one segment of a path. */
type Segment = { readonly kind: "any" } | TextSegment;
type TextSegment = { readonly kind: "exactly" | "startsWith"; readonly text: string };

const ANY: Segment = { kind: "any" };

/** Path that represents all paths of a kind. */
export interface Sample {
  /** The path itself. */
  readonly path: string;
  /** The kind, as a pattern. */
  readonly label: string;
}

/**
 * Paths that represent all paths that two patterns match, one for each number of segments. A pattern that matches such
 * a path matches all paths that it represents, so no pattern between the two is overlooked.
 * @param most number of segments beyond which no pattern distinguishes paths
 */
export function samples(one: string, other: string, most: number): Sample[] {
  return samplesOf(parse(one), parse(other), most);
}

/** As `samples`, for paths that end in a slash. A list ignores the slash, so a pattern without it may apply. */
export function samplesWithSlash(one: string, other: string, most: number): Sample[] {
  const ways = (pattern: string) => [pattern, ...(pattern.endsWith("*") ? [] : [`${pattern}/`])].map(parse);
  return ways(one).flatMap((a) =>
    ways(other).flatMap((b) => samplesOf(a, b, most + 1, { kind: "exactly", text: "" })),
  );
}

function samplesOf(a: Parsed, b: Parsed, most: number, last: Segment = ANY): Sample[] {
  const result: Sample[] = [];
  const least = Math.max(a.segments.length, b.segments.length);
  for (let count = least; count <= Math.max(least, most); count++) {
    const end = [...Array<Segment>(count - 1).fill(ANY), last];
    const met = meet(meet(expand(a, count), expand(b, count)), end);
    if (!met) continue;
    // The segments after both patterns can be anything.
    const shown = last === ANY ? met.slice(0, least) : met;
    result.push({ path: met.map(instance).join("/"), label: shown.map(labelOf).join("/") });
  }
  return result;
}

/** Returns true if some path matches both patterns. A segment with a template can be any segment. */
export function overlap(one: string, other: string): boolean {
  return samples(withAnyValues(one), withAnyValues(other), 0).length > 0;
}

/** Returns true if each path that matches `narrow` also matches `wide`. Identical patterns cover each other. */
export function covers(wide: string, narrow: string): boolean {
  const [outer, inner] = [parse(wide), parse(narrow)];
  const missing = inner.segments.length - outer.segments.length;
  if (outer.isPrefix ? missing < 0 : inner.isPrefix || missing !== 0) return false;
  return outer.segments.every((segment, index) => contains(segment, inner.segments[index]));
}

/** Returns true if the first segment of a pattern is a wildcard, which matches mounts that it does not name. */
export function reachesUnnamedMounts(pattern: string): boolean {
  return parse(pattern).segments[0].kind !== "exactly";
}

/** Number of segments of a path or pattern. */
export function depth(pattern: string): number {
  return pattern.split("/").length;
}

interface Parsed {
  readonly segments: readonly Segment[];
  readonly isPrefix: boolean;
}

function parse(pattern: string): Parsed {
  const isPrefix = pattern.endsWith("*");
  const texts = (isPrefix ? pattern.slice(0, -1) : pattern).split("/");
  const segments = texts.map((text, index): Segment => {
    if (text === "+") return ANY;
    return { kind: isPrefix && index === texts.length - 1 ? "startsWith" : "exactly", text };
  });
  return { segments, isPrefix };
}

function expand({ segments, isPrefix }: Parsed, count: number): readonly Segment[] | undefined {
  const missing = count - segments.length;
  if (missing < 0 || (missing > 0 && !isPrefix)) return undefined;
  return [...segments, ...Array<Segment>(missing).fill(ANY)];
}

function meet(
  a: readonly Segment[] | undefined,
  b: readonly Segment[] | undefined,
): readonly Segment[] | undefined {
  const met = a && b && a.map((segment, index) => meetSegments(segment, b[index]));
  return met?.includes(undefined) ? undefined : (met as Segment[] | undefined);
}

function meetSegments(a: Segment, b: Segment): Segment | undefined {
  if (a.kind === "any") return b;
  if (b.kind === "any") return a;
  if (a.kind === "exactly") return admits(b, a.text) ? a : undefined;
  if (b.kind === "exactly") return admits(a, b.text) ? b : undefined;
  if (a.text.startsWith(b.text)) return a;
  return b.text.startsWith(a.text) ? b : undefined;
}

function contains(outer: Segment, inner: Segment): boolean {
  if (outer.kind === "any") return true;
  if (inner.kind === "any") return outer.kind === "startsWith" && outer.text === "";
  return outer.kind === "exactly"
    ? inner.kind === "exactly" && inner.text === outer.text
    : inner.text.startsWith(outer.text);
}

function admits(segment: TextSegment, text: string): boolean {
  return segment.kind === "exactly" ? segment.text === text : text.startsWith(segment.text);
}

function instance(segment: Segment): string {
  if (segment.kind === "any") return FRESH;
  return segment.kind === "exactly" ? segment.text : segment.text + FRESH;
}

function labelOf(segment: Segment): string {
  if (segment.kind === "any") return "+";
  return segment.kind === "exactly" ? segment.text : `${segment.text}*`;
}

const TEMPLATE = /\{\{\s*(.*?)\s*\}\}/g;

/** Replaces each segment that contains a template with a wildcard. */
function withAnyValues(pattern: string): string {
  const isPrefix = pattern.endsWith("*");
  const segments = (isPrefix ? pattern.slice(0, -1) : pattern).replace(TEMPLATE, "{{}}").split("/");
  return (
    segments.map((segment) => (segment.includes("{{}}") ? "+" : segment)).join("/") + (isPrefix ? "*" : "")
  );
}

/** Replaces the templates of a path. @returns undefined if one of them has no value */
export function fillTemplates(
  path: string,
  valueOf: (expression: string) => string | undefined,
): string | undefined {
  let isComplete = true;
  const filled = path.replace(TEMPLATE, (_template, expression: string) => {
    const value = valueOf(expression);
    isComplete &&= value !== undefined;
    return value ?? "";
  });
  return isComplete ? filled : undefined;
}

/** Returns a value for a template that differs from all other text. */
export function freshValue(expression: string): string {
  return `${FRESH}${encodeURIComponent(expression)}${FRESH}`;
}

/** Replaces the values from `freshValue` with their templates. */
export function showTemplates(path: string): string {
  return path.replace(
    /\ue000([^\ue000]+)\ue000/g,
    (_value, expression: string) => `{{${decodeURIComponent(expression)}}}`,
  );
}

/**
 * Finds the shortest values of the templates in a pattern with which it matches a path.
 * @returns undefined if there are none
 */
export function valuesThatMatch(pattern: string, path: string): Map<string, string> | undefined {
  const names: string[] = [];
  const isPrefix = pattern.endsWith("*");
  const parts = (isPrefix ? pattern.slice(0, -1) : pattern).split(TEMPLATE);
  // With one group in the separator, every second part is an expression.
  const source = parts.map((part, index) => {
    if (index % 2 === 0) return segmentPattern(part);
    const known = names.indexOf(part);
    if (known >= 0) return `\\${known + 1}(?!\\d)`;
    names.push(part);
    return "(.+?)";
  });
  const match = new RegExp(`^${source.join("")}${isPrefix ? ".*" : ""}$`, "s").exec(path);
  return match ? new Map(names.map((name, index) => [name, match[index + 1]])) : undefined;
}

function segmentPattern(text: string): string {
  return text.replace(/[.*+?^$()[\]{}|\\]/g, "\\$&").replace(/(^|\/)\\\+(?=\/|$)/g, "$1[^/]*");
}
