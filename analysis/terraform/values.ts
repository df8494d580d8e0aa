/** Values of an attribute that holds a list or a single value. */
export function listOf(value: unknown): string[] {
  if (value === undefined || value === null || value === "") return [];
  return Array.isArray(value) ? value.flatMap(listOf) : [textOf(value)];
}

/** Text of a value; an object becomes JSON, with its names in alphabetical order. */
export function textOf(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value, sorted) : String(value);
}

function sorted(_name: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
