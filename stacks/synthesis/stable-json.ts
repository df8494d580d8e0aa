type Members = Record<string, unknown>;

/**
 * JSON in the order of its keys, two spaces deep, as the engine writes it but for what is empty (`[]`, on one line) and
 * for keys that are numbers (first, by their size). The engine's own way copies every text once for each level at which
 * it stands, and looks for cycles, which what it has resolved cannot have.
 */
export function stableJson(value: unknown): string | undefined {
  return JSON.stringify(inOrder(value), null, 2);
}

/** What is in order throughout is not copied. */
function inOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("toJSON" in value && typeof value.toJSON === "function") return inOrder(value.toJSON());
  if (Array.isArray(value)) {
    const items = value.map(inOrder);
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  const members = value as Readonly<Members>;
  const keys = Object.keys(members);
  let copy: Members | undefined = isSorted(keys) ? undefined : {};
  if (copy) keys.sort();
  for (let index = 0; index < keys.length; index++) {
    const member = members[keys[index]];
    const ordered = inOrder(member);
    if (!copy && ordered !== member) {
      copy = {};
      for (const key of keys.slice(0, index)) copy[key] = members[key];
    }
    if (copy) copy[keys[index]] = ordered;
  }
  return copy ?? members;
}

function isSorted(keys: readonly string[]): boolean {
  for (let index = 1; index < keys.length; index++) if (keys[index - 1] > keys[index]) return false;
  return true;
}
