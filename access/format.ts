/** Output formats. */
export const FORMATS = ["table", "json", "markdown"] as const;
/** Output format. */
export type Format = (typeof FORMATS)[number];

/** Count with its noun. @param many plural @default - the noun with "s" */
export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? noun : many}`;
}

/** Indented JSON text. */
export function printJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}

/** First items of a list, and the number of the others. */
export function some(items: readonly string[], most: number): string {
  const rest = items.length - most;
  return rest <= 0
    ? items.join(", ")
    : `${items.slice(0, most).join(", ")} and ${rest.toLocaleString("en-US")} more`;
}
