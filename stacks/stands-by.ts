import type { Environment } from "../platform/schema";

/** Whether an environment waits, with empty servers, for the loss of another one's region. */
export function standsBy({ recovers }: Environment): boolean {
  return recovers !== undefined && !recovers.serves;
}
