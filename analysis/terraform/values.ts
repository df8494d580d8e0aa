/** Values of an attribute that holds a list or a single value. */
export function listOf(value: unknown): string[] {
  if (value === undefined || value === null || value === "") return [];
  return Array.isArray(value) ? value.flatMap(listOf) : [textOf(value)];
}

/** Text of a value; an object becomes JSON. */
export function textOf(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
