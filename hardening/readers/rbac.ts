import { type Answer, any } from "../../analysis/kubernetes/answers";
import { ruleAllows } from "../../analysis/kubernetes/rbac";
import type { Rule } from "../../analysis/kubernetes/rules";
import { type Verdict, judge, notJudged } from "../rule";

const READ = ["get", "list", "watch"];

/** Result of reading rules. */
export interface Readings {
  /** Problems that are known, one for each rule. */
  readonly problems: readonly string[];
  /** Reasons why other rules cannot be read. */
  readonly unknown: readonly string[];
}

/** Problems of rules that read Secrets without naming them. */
export function readsSecrets(rules: readonly Rule[]): Readings {
  const read = rules.map((rule) => ({
    rule,
    verbs: READ.map((verb) => ({ verb, answer: reads(rule, verb) })),
  }));
  const problems = read.flatMap(({ rule, verbs }) => {
    const allowed = verbs.filter(({ answer }) => answer === "yes").map(({ verb }) => verb);
    const shown = rule.verbs.values.includes("*") ? ["*"] : allowed;
    return allowed.length > 0 ? [`the role may ${shown.join(", ")} Secrets, whichever they are`] : [];
  });
  const isUnknown = read.some(({ verbs }) => any(verbs.map(({ answer }) => answer)) === "unknown");
  return { problems, unknown: isUnknown ? ["a rule of the role is not known and may read Secrets"] : [] };
}

/** Decides whether a rule allows a verb on Secrets that it does not name. */
function reads(rule: Rule, verb: string): Answer {
  // Kubernetes applies resourceNames to get, but not to list and watch.
  const isNamed = verb === "get" || rule.resourceNames.values.length === 0;
  const all = isNamed ? rule : { ...rule, resourceNames: { values: [], isComplete: true } };
  return ruleAllows(all, { verb, group: "", resource: "secrets" });
}

/** Verdict of readings: not judged if a part is not known. */
export function verdictOf(readings: readonly Readings[]): Verdict {
  const problems = readings.flatMap((it) => it.problems);
  const unknown = readings.flatMap((it) => it.unknown);
  if (unknown.length === 0) return judge(problems);
  return notJudged(
    unknown.map((reason) => `not judged: ${reason}`),
    problems,
  );
}
