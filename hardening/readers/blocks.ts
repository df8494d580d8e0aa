/** A block or an object as Terraform JSON has it. */
export type Block = Readonly<Record<string, unknown>>;

export function isBlock(value: unknown): value is Block {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Terraform takes a single block for a list of one. */
export function blocks(value: unknown): Block[] {
  return (Array.isArray(value) ? value : [value]).filter(isBlock);
}

/** The only block, or the first; an empty one where there is none. */
export function block(value: unknown): Block {
  return blocks(value)[0] ?? {};
}

/** A field by its name in Terraform (`volume_mount`) or, in a manifest, by that of Kubernetes. */
export function field(parent: Block, ...names: string[]): unknown {
  return names.map((name) => parent[name]).find((value) => value !== undefined && value !== null);
}

/** Text, or nothing; numbers and booleans are text to Kubernetes and to Helm. */
export function text(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** The texts of a list, or of a single value. */
export function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value])
    .map(text)
    .filter((item): item is string => item !== undefined);
}

/** True for what counts as true in Terraform, YAML and HCL. */
export function isTrue(value: unknown): boolean {
  return value === true || value === 1 || /^(true|1)$/i.test(text(value) ?? "");
}

/** True for text that only Terraform knows: a reference and nothing else. */
export function isReference(value: unknown): boolean {
  return typeof value === "string" && /^\$\{[^}]*\}$/.test(value);
}

/** Adds every key and text within a value, comments left out. */
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

export interface FoundText {
  /** The keys that lead there. */
  readonly path: readonly string[];
  readonly text: string;
}

/**
 * The texts within a value that match, comments left out.
 * @param matches is told the text and the last key that leads there
 */
export function findTexts(value: unknown, matches: (text: string, key: string) => boolean): FoundText[] {
  const found: FoundText[] = [];
  // Nearly nothing matches, so that one path for all is kept, and copied where something does.
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
