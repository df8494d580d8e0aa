/** Block or object of a Kubernetes object. */
export type Block = Readonly<Record<string, unknown>>;

/** List of strings, as far as it is known. */
export interface KnownTexts {
  /** Strings that are known. */
  readonly values: readonly string[];
  /** False if the list may contain other strings. */
  readonly isComplete: boolean;
}

/** Returns true for an object that is not a list. */
export function isBlock(value: unknown): value is Block {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns true for a text with a part that only Terraform knows. */
export function isUnknown(value: unknown): boolean {
  return typeof value === "string" && /(?<!\$)\$\{|(?<!%)%\{|\{\{terraform /.test(value);
}

/** All blocks of a value. Terraform treats a single block as a list with one element. */
export function blocks(value: unknown): Block[] {
  return [value].flat().filter(isBlock);
}

/** The only or first block, or an empty one if there is none. */
export function block(value: unknown): Block {
  return blocks(value)[0] ?? {};
}

/** Returns true if a list of blocks contains an element that is not a block, or is itself an expression. */
export function hasUnknownBlocks(value: unknown): boolean {
  return [value].flat().some((item) => item !== undefined && item !== null && !isBlock(item));
}

/** Text, or undefined if there is none. Numbers and booleans are converted, as Kubernetes' readers do. */
export function text(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** Strings of a list or of a single value. */
export function knownTexts(value: unknown): KnownTexts {
  const items = [value].flat().filter((item) => item !== undefined && item !== null);
  const values = items.filter((item) => !isUnknown(item)).flatMap((item) => text(item) ?? []);
  return { values, isComplete: values.length === items.length };
}

/** Strings of an object's fields, such as labels. */
export function record(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(block(value)).map(([key, item]) => [key, text(item) ?? ""]));
}
