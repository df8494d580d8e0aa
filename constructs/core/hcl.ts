/** A value of an HCL attribute. */
export type HclValue = string | number | boolean | readonly string[];

/** An attribute by its name, or a nested block. An attribute without a value is left out. */
export type HclEntry = readonly [name: string, value: HclValue | undefined] | HclBlock;

export interface HclBlock {
  readonly type: string;
  readonly label?: string;
  readonly body: readonly HclEntry[];
}

/** Writes HCL as `vault` reads it: entries in their order, equal signs aligned as `vault policy fmt` does. */
export function renderHcl(entries: readonly HclEntry[], indent = ""): string {
  const present = entries.filter((entry) => isBlock(entry) || entry[1] !== undefined);
  const width = Math.max(0, ...present.flatMap((entry) => (isBlock(entry) ? [] : [entry[0].length])));
  return present
    .map((entry) => {
      if (isBlock(entry)) {
        const label = entry.label === undefined ? "" : ` ${quote(entry.label)}`;
        return `${indent}${entry.type}${label} {\n${renderHcl(entry.body, `${indent}  `)}${indent}}\n`;
      }
      const [name, value] = entry;
      return `${indent}${name.padEnd(width)} = ${renderValue(value!)}\n`;
    })
    .join("");
}

function isBlock(entry: HclEntry): entry is HclBlock {
  return !Array.isArray(entry);
}

function renderValue(value: HclValue): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "object") return `[${value.map(quote).join(", ")}]`;
  return String(value);
}

/** JSON's escapes are HCL's. */
function quote(text: string): string {
  return JSON.stringify(text);
}
