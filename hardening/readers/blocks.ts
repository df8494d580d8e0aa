/** Block or object in Terraform JSON. */
export type Block = Readonly<Record<string, unknown>>;

/** Returns true for an object that is not a list. */
export function isBlock(value: unknown): value is Block {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** All blocks of a value. Terraform treats a single block as a list with one element. */
export function blocks(value: unknown): Block[] {
  return (Array.isArray(value) ? value : [value]).filter(isBlock);
}

/** The only or first block, or an empty one if there is none. */
export function block(value: unknown): Block {
  return blocks(value)[0] ?? {};
}

/** Value of a field by its Terraform name (`volume_mount`) or, in a manifest, by its Kubernetes name. */
export function field(parent: Block, ...names: string[]): unknown {
  return names.map((name) => parent[name]).find((value) => value !== undefined && value !== null);
}

/** String, or undefined. Numbers and booleans are converted, as Kubernetes and Helm do. */
export function text(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** Strings of a list, or of a single value. */
export function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value])
    .map(text)
    .filter((item): item is string => item !== undefined);
}

/** Returns true for values that are true in Terraform, YAML and HCL. */
export function isTrue(value: unknown): boolean {
  return value === true || value === 1 || /^(true|1)$/i.test(text(value) ?? "");
}

/** Returns true for a string that is a token and nothing else, so that only Terraform knows its value. */
export function isReference(value: unknown): boolean {
  return typeof value === "string" && /^\$\{[^}]*\}$/.test(value);
}

/** Adds every key and string within a value to the list, except comments. */
export function collectWords(value: unknown, words: string[]): void {
  if (typeof value === "string") words.push(value);
  else if (Array.isArray(value)) for (const item of value) collectWords(item, words);
  else if (typeof value === "object" && value !== null) {
    for (const key of Object.keys(value)) {
      if (key === "//") continue;
      words.push(key);
      collectWords((value as Block)[key], words);
    }
  }
}

/** String that was found, with its location. */
export interface FoundText {
  /** Keys that lead to the string. */
  readonly path: readonly string[];
  /** The string. */
  readonly text: string;
}

/**
 * Strings within a value that match, except comments.
 * @param matches called with the string and the last key of its path
 */
export function findTexts(value: unknown, matches: (text: string, key: string) => boolean): FoundText[] {
  const found: FoundText[] = [];
  // Matches are rare, so all strings share one path, which is copied for a match.
  const path: string[] = [];
  const visit = (item: unknown): void => {
    if (typeof item === "string") {
      if (matches(item, path[path.length - 1])) found.push({ path: [...path], text: item });
      return;
    }
    if (typeof item !== "object" || item === null) return;
    for (const key of Object.keys(item)) {
      if (key === "//") continue;
      path.push(key);
      visit((item as Block)[key]);
      path.pop();
    }
  };
  visit(value);
  return found;
}
