import { type Change, pairUp } from "./changes";
import type { SuppressionFact } from "./facts";
import { mark } from "./markdown";

/** Rules by level. A rule without a level is unknown here. */
export type RuleLevels = ReadonlyMap<string, "error" | "warning">;

/** Changes of suppressions. A rule at the level `error` would stop the synthesis without the suppression. */
export function suppressionChanges(
  before: readonly SuppressionFact[],
  after: readonly SuppressionFact[],
  levels: RuleLevels,
): Change[] {
  const keyOf = ({ ruleId, path }: SuppressionFact) => `${ruleId} ${path}`;
  return pairUp(before, after, keyOf).flatMap(({ before: was, after: is }): Change[] => {
    const { ruleId, path } = (is ?? was)!;
    if (was?.reason === is?.reason) return [];
    const level = levels.get(ruleId);
    const rule = `the rule ${mark(ruleId)} (${level ?? "of unknown level"})`;
    const change = {
      kind: "suppression",
      subject: path || "the whole app",
      details: [path || "the app"],
    } as const;
    if (!is) {
      const what = `${rule} applies again, which was accepted because: ${mark(was!.reason)}`;
      return [{ ...change, direction: "narrower", what, labels: [] }];
    }
    const what = was
      ? `${rule} is still switched off here, for another reason: ${mark(was.reason)} -> ${mark(is.reason)}`
      : `${rule} is switched off here, because: ${mark(is.reason)}`;
    const labels = level === "warning" ? [] : (["suppression"] as const);
    return [{ ...change, direction: was ? "changed" : "wider", what, labels }];
  });
}
