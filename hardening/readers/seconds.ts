import { durationOf } from "../../constructs/policy/durations";

/**
 * Seconds of a time as Vault and its provider take it: a number, `3600`, `1h`, `1h30m`, `7d`.
 * @returns undefined for no time and for what only Terraform knows
 */
export function secondsOf(time: unknown): number | undefined {
  return time === "" ? undefined : durationOf(time);
}

/** A time for people. */
export function readable(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
