/** Ways to print. */
export const FORMATS = ["table", "json", "markdown"] as const;
export type Format = (typeof FORMATS)[number];

export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? noun : many}`;
}

export function printJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}

/** The first few, and how many more there are. */
export function some(items: readonly string[], most: number): string {
  const rest = items.length - most;
  return rest <= 0
    ? items.join(", ")
    : `${items.slice(0, most).join(", ")} and ${rest.toLocaleString("en-US")} more`;
}
