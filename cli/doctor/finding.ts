import type { Environment } from "../../platform/schema";
import type { Facts } from "./facts";

export type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

/** What was found out about one thing that a deployment needs. */
export interface Finding {
  readonly what: string;
  /** `unknown`: nobody could be asked. */
  readonly state: "well" | "problem" | "unknown";
  readonly says: string;
  /** What to do about it. @default - nothing: it is well */
  readonly fix?: string;
}

export type Check = (facts: Facts, environment: Environment) => Omit<Finding, "what">[];

export const well = (says: string) => [{ state: "well" as const, says }];
export const problem = (says: string, fix: string) => [{ state: "problem" as const, says, fix }];
export const unknown = (says: string, fix: string) => [{ state: "unknown" as const, says, fix }];
