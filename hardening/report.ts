import type { IConstruct } from "constructs";
import type { Level, Rule } from "./rule";
import type { Suppression } from "./suppression";

/** Problem that one rule found at one construct. */
export interface Finding {
  /** Rule that found the problem. */
  readonly rule: Rule;
  /** Level of the rule; always error if the rule could not evaluate the construct. */
  readonly level: Level;
  /** Whether the rule found a problem, or could not read what it needs. */
  readonly outcome: "not met" | "not judged";
  /** Construct with the problem. */
  readonly construct: IConstruct;
  /** Path of the construct. */
  readonly path: string;
  /** One sentence, without the value of a secret. */
  readonly problem: string;
  /** Suppression that accepts the finding. @default - none */
  readonly suppression?: Suppression;
}

/** Result of one rule for one environment. */
export interface RuleResult {
  /** Rule that was evaluated. */
  readonly rule: Rule;
  /** Paths of constructs that meet the rule, with evidence if the rule gives any. */
  readonly met: readonly { readonly path: string; readonly evidence?: string }[];
  /** Problems that the rule found, including suppressed ones. */
  readonly findings: readonly Finding[];
}

/** Results of all rules for one environment. */
export interface PlatformReport {
  /** Name of the environment. @default - stacks without a declared environment */
  readonly name?: string;
  /** Paths of the environment's stacks. */
  readonly stacks: readonly string[];
  /** Result of each rule. */
  readonly results: readonly RuleResult[];
}

/** Results of all rules for all environments. */
export interface Report {
  /** Results by environment. */
  readonly platforms: readonly PlatformReport[];
  /** Findings that stop synthesis. */
  readonly errors: readonly Finding[];
  /** Findings that are printed. */
  readonly warnings: readonly Finding[];
  /** Findings that are accepted. */
  readonly suppressed: readonly Finding[];
  /** Suppressions without a finding. */
  readonly unneeded: readonly Suppression[];
}
