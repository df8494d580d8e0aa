import { type Field, anything, checkArguments, list, reference } from "../constructs/core/field";
import { ITEMS, type Item } from "./items";
import type { Finding, PlatformReport, RuleResult } from "./report";

/**
 * Worst result of the rules of an item; `not judged` if the only errors are about what the rules could not read, and
 * `accepted` if all findings are suppressed with a reason.
 */
export type State = "error" | "not judged" | "warning" | "accepted" | "met" | "not applicable";

/** State of an item for one environment. */
export interface ItemState {
  /** Item of the lists. */
  readonly item: Item;
  /** State of the item. */
  readonly state: State;
  /** Reasons for the state: paths of constructs, or the evidence that rules give. */
  readonly where: readonly string[];
  /** All findings of the item's rules, including suppressed ones. */
  readonly findings: readonly Finding[];
}

const RESULT = reference<RuleResult>("the result of a rule", () => ({
  rule: anything as Field<RuleResult["rule"]>,
  met: list(anything as Field<RuleResult["met"][number]>),
  findings: list(anything as Field<Finding>),
}));

const REPORT = reference<PlatformReport>("a report of one environment", () => ({
  results: list(RESULT).known(),
}));

/** States of all items, in the order of the lists. */
export function itemStates(report: PlatformReport): ItemState[] {
  checkArguments("itemStates", { report: [report, REPORT] });
  const { results } = report;
  return ITEMS.map((item: Item) => {
    const own = results.filter(({ rule }) => rule.item === item.id);
    const findings = own.flatMap((result) => result.findings);
    const deciding = own.filter(({ rule }) => item.decidedBy === undefined || rule.id === item.decidedBy);
    const state = stateOf(
      findings,
      deciding.some(({ met }) => met.length > 0),
    );
    const evidence = own.flatMap(({ met }) => met.flatMap((it) => it.evidence ?? []));
    const paths = deciding.flatMap(({ met }) => met.map(({ path }) => path));
    const decisive = findings.filter((finding) => stateOf([finding], false) === state);
    const places = evidence.length > 0 ? evidence : paths;
    const where = state === "met" ? places : decisive.map(({ path }) => path);
    return { item, state, where: [...new Set(where)], findings };
  });
}

function stateOf(findings: readonly Finding[], isMet: boolean): State {
  const open = findings.filter(({ suppression }) => !suppression);
  const errors = open.filter(({ level }) => level === "error");
  if (errors.some(({ outcome }) => outcome === "not met")) return "error";
  if (errors.length > 0) return "not judged";
  if (open.length > 0) return "warning";
  if (findings.length > 0) return "accepted";
  return isMet ? "met" : "not applicable";
}
