/**
 * Compares the wanted values with Vault's. Fields that only Vault returns are its own defaults and are ignored.
 * @returns names of the fields that differ, dotted where they are nested
 */
export function differences(wanted: unknown, found: unknown, name = ""): string[] {
  if (wanted === undefined || wanted === null) return [];
  if (Array.isArray(wanted)) {
    const same =
      Array.isArray(found) &&
      found.length === wanted.length &&
      wanted.every((part, index) => differences(part, found[index], "x").length === 0);
    return same ? [] : [name];
  }
  if (typeof wanted === "object") {
    const there = (found ?? {}) as Record<string, unknown>;
    return Object.entries(wanted).flatMap(([field, value]) =>
      differences(value, there[field], name ? `${name}.${field}` : field),
    );
  }
  return isSame(wanted, found) ? [] : [name];
}

/** Vault also accepts numbers and booleans as strings, and returns durations in another format. */
function isSame(wanted: unknown, found: unknown): boolean {
  if (found === undefined || found === null) return wanted === "";
  if (String(wanted) === String(found)) return true;
  const duration = seconds(wanted);
  return duration !== undefined && duration === seconds(found);
}

function seconds(value: unknown): number | undefined {
  const text = String(value);
  if (/^\d+$/.test(text)) return Number(text);
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  if (!match || text === "") return undefined;
  const [hours, minutes, rest] = match.slice(1).map((part) => Number(part ?? 0));
  return hours * 3600 + minutes * 60 + rest;
}
