import { durationOf } from "../../constructs/policy/durations";

/**
 * Seconds of a time in a form that Vault and its provider accept: a number, `3600`, `1h`, `1h30m`, `7d`.
 * @returns undefined for other values and for values that only Terraform knows
 */
export function secondsOf(time: unknown): number | undefined {
  return time === "" ? undefined : durationOf(time);
}

/** Time in readable form, such as `24h`. */
export function readable(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
