/** Values of an attribute that is a list or stands for one. */
export function listOf(value: unknown): string[] {
  if (value === undefined || value === null || value === "") return [];
  return Array.isArray(value) ? value.flatMap(listOf) : [textOf(value)];
}

export function textOf(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
