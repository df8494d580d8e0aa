/** A value of an HCL attribute. */
export type HclValue = string | number | boolean | readonly string[];

/** Attribute by name, or nested block. An attribute without a value is left out. */
export type HclEntry = readonly [name: string, value: HclValue | undefined] | HclBlock;

/** HCL block. */
export interface HclBlock {
  /** Type of the block, such as `path`. */
  readonly type: string;
  /** Label of the block. @default - none */
  readonly label?: string;
  /** Attributes and nested blocks, in their order. */
  readonly body: readonly HclEntry[];
}

/** Renders HCL as `vault` reads it. Entries keep their order, and equal signs are aligned as by `vault policy fmt`. */
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

/** Quotes a string. JSON escapes are valid in HCL. */
function quote(text: string): string {
  return JSON.stringify(text);
}
