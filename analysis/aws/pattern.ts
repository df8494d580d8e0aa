/**
 * Answer of an evaluation. `unknown` means that a part of the text is known to Terraform or AWS only; it is neither
 * yes nor no.
 */
export type Answer = "yes" | "no" | "unknown";

/** Part of a pattern: a character, `?`, `*`, or text that only Terraform or the request knows. */
export type Part =
  | { readonly kind: "character"; readonly text: string }
  | { readonly kind: "one" }
  | { readonly kind: "any" }
  | { readonly kind: "hole"; readonly text: string };

const ANY: Part = { kind: "any" };

/** Text that only Terraform knows, as the analysis of references writes it. */
const UNKNOWN = /\{\{terraform .*?\}\}/gs;

/** Returns true if a part of the text is known to Terraform only. */
export function hasUnknown(text: string): boolean {
  return text.search(UNKNOWN) >= 0;
}

/** Value of a policy variable such as `${aws:username}`: text, or `unknown`, or undefined if the request lacks it. */
export type Variables = (name: string) => string | "unknown" | undefined;

/** Variables of a policy with a Version that does not support them: `${` is ordinary text. */
export const NO_VARIABLES = Symbol("no variables");

const TOKEN = /\{\{terraform .*?\}\}|\$\{[^}]*\}|[\s\S]/gu;

/** Parts of texts that do not depend on a request. */
const cache = new Map<string, readonly Part[]>();

/**
 * Parts of an IAM pattern, or undefined if it needs a variable that the request lacks.
 * @param variables values of policy variables @default - every variable is a hole
 */
export function partsOf(
  text: string,
  variables?: Variables | typeof NO_VARIABLES,
  wildcards = true,
): readonly Part[] | undefined {
  const isFixed = variables === NO_VARIABLES || !text.includes("${");
  const key = `${wildcards} ${variables === NO_VARIABLES} ${text}`;
  const known = isFixed ? cache.get(key) : undefined;
  if (known) return known;
  const parts: Part[] = [];
  if (isFixed) {
    if (cache.size > 20_000) cache.clear();
    cache.set(key, parts);
  }
  const characters = (value: string) => {
    for (const character of value) parts.push({ kind: "character", text: character });
  };
  for (const [token] of text.matchAll(TOKEN)) {
    if (wildcards && token === "*") parts.push(ANY);
    else if (wildcards && token === "?") parts.push({ kind: "one" });
    else if (token.startsWith("{{terraform ")) parts.push({ kind: "hole", text: token });
    else if (!/^\$\{/.test(token) || variables === NO_VARIABLES) characters(token);
    else if (/^\$\{[*?$]\}$/.test(token)) characters(token[2]);
    else {
      const [name, fallback] = token.slice(2, -1).split(", ");
      const value =
        variables?.(name.trim()) ?? (variables ? /^'(.+)'$/.exec(fallback ?? "")?.[1] : "unknown");
      if (value === undefined) return undefined;
      if (value === "unknown") parts.push({ kind: "hole", text: token });
      else characters(value);
    }
  }
  return parts;
}

/** Returns whether a pattern matches a text. Holes may have any value, so that they match perhaps. */
export function matches(pattern: readonly Part[], text: readonly Part[]): Answer {
  if (includes(pattern, text)) return "yes";
  if (areOfDifferentObjects(pattern, text)) return "no";
  const isOpen = (part: Part) => part.kind === "hole";
  if (!pattern.some(isOpen) && !text.some(isOpen)) return "no";
  return overlap(pattern, text) ? "unknown" : "no";
}

/** Start of an unknown id of one object. Two objects have different ids. */
export const ID_OF = "{{terraform id of ";

function areOfDifferentObjects(pattern: readonly Part[], text: readonly Part[]): boolean {
  const ids = (parts: readonly Part[]) =>
    parts.flatMap((part) => (part.kind === "hole" && part.text.startsWith(ID_OF) ? [part.text] : []));
  const [named, actual] = [ids(pattern), ids(text)];
  return named.length > 0 && actual.length > 0 && !named.some((it) => actual.includes(it));
}

/** Returns true if every text that matches the narrow pattern matches the wide one. May err to false. */
export function includes(wide: readonly Part[], narrow: readonly Part[]): boolean {
  return walk(wide, narrow, (w, n) => {
    if (w.kind === "one") return n.kind === "one" || n.kind === "character";
    return isSame(w, n);
  });
}

/** Returns true if some text can match both patterns. May err to true. */
export function overlap(one: readonly Part[], other: readonly Part[]): boolean {
  const open = (parts: readonly Part[]) => parts.map((part) => (part.kind === "hole" ? ANY : part));
  return walk(open(one), open(other), (a, b) => a.kind === "one" || b.kind === "one" || isSame(a, b), true);
}

function isSame(one: Part, other: Part): boolean {
  if (one.kind === "character" || one.kind === "hole")
    return one.kind === other.kind && one.text === other.text;
  return one.kind === other.kind;
}

/** Matches two lists of parts. Equal beginnings and ends are skipped, so that only the rest costs time. */
function walk(
  allWide: readonly Part[],
  allNarrow: readonly Part[],
  fits: (wide: Part, narrow: Part) => boolean,
  bothWays = false,
): boolean {
  let start = 0;
  let [wideEnd, narrowEnd] = [allWide.length, allNarrow.length];
  const areCharacters = (one: Part, other: Part) => one.kind === "character" && other.kind === "character";
  for (; start < wideEnd && start < narrowEnd && areCharacters(allWide[start], allNarrow[start]); start++) {
    if (!isSame(allWide[start], allNarrow[start])) return false;
  }
  for (; start < wideEnd && start < narrowEnd; wideEnd--, narrowEnd--) {
    const [one, other] = [allWide[wideEnd - 1], allNarrow[narrowEnd - 1]];
    if (!areCharacters(one, other)) break;
    if (!isSame(one, other)) return false;
  }
  const [wide, narrow] = [allWide.slice(start, wideEnd), allNarrow.slice(start, narrowEnd)];
  // reach[j]: the first i parts of `wide` can match the first j parts of `narrow`.
  let reach: boolean[] = [true];
  for (let j = 0; j < narrow.length; j++) reach.push(bothWays && reach[j] && narrow[j].kind === "any");
  for (const part of wide) {
    const next: boolean[] = [part.kind === "any" && reach[0]];
    for (let j = 0; j < narrow.length; j++) {
      const other = narrow[j];
      if (part.kind === "any") next.push(reach[j + 1] || next[j]);
      else if (bothWays && other.kind === "any") next.push(reach[j + 1] || next[j]);
      else next.push(reach[j] && other.kind !== "any" && fits(part, other));
    }
    reach = next;
  }
  return reach[narrow.length];
}
