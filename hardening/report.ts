import type { IConstruct } from "constructs";
import type { Level, Rule } from "./rule";
import type { Suppression } from "./suppression";

/** What one rule found wrong at one place. */
export interface Finding {
  readonly rule: Rule;
  /** The rule's, or error where the rule crashed. */
  readonly level: Level;
  readonly construct: IConstruct;
  /** Path of the construct. */
  readonly path: string;
  readonly problem: string;
  /** Why it is accepted. @default - it is not */
  readonly suppression?: Suppression;
}

/** How one rule came out for one environment. */
export interface RuleResult {
  readonly rule: Rule;
  /** Where the rule is met, with what makes it so where the rule says it. */
  readonly met: readonly { readonly path: string; readonly evidence?: string }[];
  readonly findings: readonly Finding[];
}

/** How one environment came out. */
export interface PlatformReport {
  /** Name of the environment. @default - stacks of which nobody said where they belong */
  readonly name?: string;
  readonly stacks: readonly string[];
  readonly results: readonly RuleResult[];
}

export interface Report {
  readonly platforms: readonly PlatformReport[];
  /** What stops synthesis. */
  readonly errors: readonly Finding[];
  /** What is printed. */
  readonly warnings: readonly Finding[];
  /** What was found and accepted. */
  readonly suppressed: readonly Finding[];
  /** Suppressions of what no rule finds (any more). */
  readonly unneeded: readonly Suppression[];
}
