import type { Element } from "./element";
import type { ItemId } from "./items";
import type { Platform } from "./platform";

/** An error stops synthesis before anything is written; a warning is printed. */
export type Level = "error" | "warning";

/** What a rule judges: one block of Terraform, or all stacks of one environment together. */
export type Subject = Element | Platform;

export type Verdict =
  | { readonly outcome: "not-applicable" }
  | {
      readonly outcome: "compliant";
      /** What makes it so, where that is not plain from the rule. */
      readonly evidence?: string;
    }
  | {
      readonly outcome: "non-compliant";
      /** One sentence each, without the value of a secret. */
      readonly problems: readonly string[];
    };

/** One thing that can be wrong. Each is a file of `rules/`, named after the id. */
export interface Rule {
  readonly id: string;
  readonly level: Level;
  /** What holds where the rule is met. */
  readonly title: string;
  /** What the rule is for. */
  readonly item: ItemId;
  /** What to do about it. */
  readonly fix: string;
  /** Public page that says why. */
  readonly source: string;
  /** Depends on the subject alone and changes nothing. */
  readonly check: (subject: Subject) => Verdict;
}

export const NOT_APPLICABLE: Verdict = { outcome: "not-applicable" };

export function compliant(evidence?: string): Verdict {
  return { outcome: "compliant", evidence };
}

export function nonCompliant(...problems: string[]): Verdict {
  return { outcome: "non-compliant", problems };
}

/** Compliant where there is no problem. */
export function judge(problems: readonly string[], evidence?: string): Verdict {
  return problems.length === 0 ? compliant(evidence) : nonCompliant(...new Set(problems));
}
