/**
 * JSON in the order of its keys, two spaces deep, byte for byte as the engine writes it. The engine's own way copies
 * every text once for each level at which it stands, and looks for cycles, which what it has resolved cannot have.
 */
export function stableJson(value: unknown): string | undefined {
  return write(value, "\n");
}

/** @param indent - a line break and the spaces of the level */
function write(value: unknown, indent: string): string | undefined {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if ("toJSON" in value && typeof value.toJSON === "function") return write(value.toJSON(), indent);
  const inner = `${indent}  `;
  let written = "";
  let separator = inner;
  if (Array.isArray(value)) {
    for (const item of value) {
      written += separator + (write(item, inner) ?? "null");
      separator = `,${inner}`;
    }
    return `[${written}${indent}]`;
  }
  for (const key of Object.keys(value).sort()) {
    const item = write((value as Record<string, unknown>)[key], inner);
    if (item === undefined) continue;
    written += `${separator}${JSON.stringify(key)}: ${item}`;
    separator = `,${inner}`;
  }
  return `{${written}${indent}}`;
}
