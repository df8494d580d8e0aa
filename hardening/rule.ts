import type { Element } from "./element";
import type { ItemId } from "./items";
import type { Platform } from "./platform";

/** Effect of a finding: an error stops synthesis before anything is written, a warning is printed. */
export type Level = "error" | "warning";

/** Input of a rule: one Terraform block, or all stacks of one environment together. */
export type Subject = Element | Platform;

/** Result of a rule for one subject. */
export type Verdict =
  | { readonly outcome: "not-applicable" }
  | {
      readonly outcome: "compliant";
      /** Fact that meets the rule, if the rule does not make it obvious. */
      readonly evidence?: string;
    }
  | {
      readonly outcome: "non-compliant";
      /** One sentence each, without the value of a secret. */
      readonly problems: readonly string[];
    };

/** Hardening rule. Each is a file in `rules/`, named after its id. */
export interface Rule {
  /** Identifier in kebab case, used in suppressions. */
  readonly id: string;
  /** Effect of a finding. */
  readonly level: Level;
  /** Statement that is true if the rule is met. */
  readonly title: string;
  /** Item that the rule belongs to. */
  readonly item: ItemId;
  /** Instructions to fix a finding. */
  readonly fix: string;
  /** Public page with the reason. */
  readonly source: string;
  /** Evaluates a subject. The result depends on the subject only, and there are no side effects. */
  readonly check: (subject: Subject) => Verdict;
}

/** Verdict for subjects that the rule does not cover. */
export const NOT_APPLICABLE: Verdict = { outcome: "not-applicable" };

/** Verdict for a subject that meets the rule. */
export function compliant(evidence?: string): Verdict {
  return { outcome: "compliant", evidence };
}

/** Verdict for a subject with problems. */
export function nonCompliant(...problems: string[]): Verdict {
  return { outcome: "non-compliant", problems };
}

/** Verdict for a list of problems: compliant if the list is empty. */
export function judge(problems: readonly string[], evidence?: string): Verdict {
  return problems.length === 0 ? compliant(evidence) : nonCompliant(...new Set(problems));
}
