import type { Environment } from "../../platform/schema";
import type { Facts } from "./facts";

/** Response of an API. */
export type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

/** Result of a check for one requirement of a deployment. */
export interface Finding {
  /** Name of the check. */
  readonly what: string;
  /** State of the requirement. `unknown`: it could not be queried. */
  readonly state: "well" | "problem" | "unknown";
  /** Description of the result. */
  readonly says: string;
  /** Instruction for the user. @default - none, the requirement is met */
  readonly fix?: string;
}

/** Check of one requirement. */
export type Check = (facts: Facts, environment: Environment) => Omit<Finding, "what">[];

/** Result of a check that passed. */
export const well = (says: string) => [{ state: "well" as const, says }];
/** Result of a check that failed. */
export const problem = (says: string, fix: string) => [{ state: "problem" as const, says, fix }];
/** Result of a check without the required data. */
export const unknown = (says: string, fix: string) => [{ state: "unknown" as const, says, fix }];
