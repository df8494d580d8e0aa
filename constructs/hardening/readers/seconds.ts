const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400 };

/**
 * Seconds of a time as Vault and its provider take it: a number, `3600`, `1h`, `1h30m`.
 * @returns undefined for no time and for what only Terraform knows
 */
export function secondsOf(time: unknown): number | undefined {
  if (typeof time === "number") return time;
  if (typeof time !== "string" || time === "") return undefined;
  if (/^\d+$/.test(time)) return Number(time);
  const parts = [...time.matchAll(/(\d+(?:\.\d+)?)([smhd])/g)];
  if (parts.map(([part]) => part).join("") !== time) return undefined;
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * UNITS[unit], 0);
}

/** A time for people. */
export function readable(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
