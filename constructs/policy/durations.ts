const SECONDS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  "\u00b5s": 1e-6,
  "\u03bcs": 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/**
 * Reads a duration as Vault does: seconds, or text such as `90`, `1h30m` or `7d`.
 * @returns seconds, or undefined for a value that is not a duration
 */
export function durationOf(value: unknown): number | undefined {
  if (typeof value === "number") return Math.trunc(value);
  if (typeof value !== "string") return undefined;
  if (/^[+-]?\d+$/.test(value) || value === "") return Number(value);
  const days = /^([+-]?\d+)d$/.exec(value);
  if (days) return Number(days[1]) * 24 * 3600;
  const [, sign, rest] = /^([+-]?)(.*)$/s.exec(value)!;
  const part = /(\d+\.?\d*|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/gy;
  let seconds = 0;
  let end = 0;
  for (const [text, number, unit] of rest.matchAll(part)) {
    seconds += Number(number) * SECONDS[unit];
    end += text.length;
  }
  if (rest === "" || end !== rest.length) return undefined;
  return sign === "-" ? -seconds : seconds;
}

/** Formats a duration. @param seconds such as 5400 @returns such as 1h30m */
export function formatDuration(seconds: number): string {
  if (seconds === 0) return "0s";
  const parts: [string, number][] = [
    ["d", Math.floor(seconds / 86400)],
    ["h", Math.floor((seconds % 86400) / 3600)],
    ["m", Math.floor((seconds % 3600) / 60)],
    ["s", seconds % 60],
  ];
  return parts
    .filter(([, count]) => count > 0)
    .map(([unit, count]) => `${count}${unit}`)
    .join("");
}
