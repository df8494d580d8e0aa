import type { Element } from "./element";
import type { ItemId } from "./items";
import { NotJudged } from "./not-judged";
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
    }
  | {
      /** Something that the rule needs cannot be read. This is an error at every level of the rule. */
      readonly outcome: "not-judged";
      /** What cannot be read, one sentence each. */
      readonly reasons: readonly string[];
      /** Problems that were found nevertheless. */
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

/** Verdict for a subject that the rule cannot evaluate completely. */
export function notJudged(reasons: readonly string[], problems: readonly string[] = []): Verdict {
  return { outcome: "not-judged", reasons: [...new Set(reasons)], problems: [...new Set(problems)] };
}

/** Verdict for a list of problems: compliant if the list is empty. */
export function judge(problems: readonly string[], evidence?: string): Verdict {
  return problems.length === 0 ? compliant(evidence) : nonCompliant(...new Set(problems));
}

/** Runs a check. Its result is "not judged" if it cannot read what it needs. */
export function attempt(check: () => Verdict): Verdict {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof NotJudged)) throw error;
    return notJudged([`not judged: ${error.message}`]);
  }
}

/**
 * Evaluates each part of a subject. A part that cannot be read does not hide the problems of the others.
 * @param evidence of a subject without problems
 */
export function judgeEach<T>(
  parts: readonly T[],
  check: (part: T) => readonly string[],
  evidence?: string,
): Verdict {
  const verdicts = parts.map((part) => attempt(() => judge(check(part))));
  const problems = verdicts.flatMap((verdict) => ("problems" in verdict ? verdict.problems : []));
  const reasons = verdicts.flatMap((verdict) => ("reasons" in verdict ? verdict.reasons : []));
  return reasons.length > 0 ? notJudged(reasons, problems) : judge(problems, evidence);
}
