import type { Environment } from "../platform/schema";

/** Returns true for a standby environment: its servers are empty until the region of the original is lost. */
export function isStandby({ recovers }: Environment): boolean {
  return recovers !== undefined && !recovers.isActive;
}
