import { any } from "../../analysis/kubernetes/answers";
import { ruleAllows } from "../../analysis/kubernetes/rbac";
import type { Rule } from "../../analysis/kubernetes/rules";

const READ = ["get", "list", "watch"];

/** Problems of rules that read Secrets without naming them, one for each rule. */
export function readsSecrets(rules: readonly Rule[]): string[] {
  return rules.flatMap((rule) => {
    const { resourceNames, verbs } = rule;
    // Kubernetes applies resourceNames to get, but not to list and watch.
    const isNamed = resourceNames.values.length > 0;
    const allows = (verb: string) => {
      const all =
        isNamed && verb !== "get" ? { ...rule, resourceNames: { values: [], isComplete: true } } : rule;
      return ruleAllows(all, { verb, group: "", resource: "secrets" });
    };
    const answers = READ.map((verb) => ({ verb, answer: allows(verb) }));
    if (answers.some(({ answer }) => answer === "yes")) {
      const shown = verbs.values.includes("*")
        ? ["*"]
        : answers.filter(({ answer }) => answer === "yes").map(({ verb }) => verb);
      return [`the role may ${shown.join(", ")} Secrets, whichever they are`];
    }
    const isUnknown = any(answers.map(({ answer }) => answer)) === "unknown";
    return isUnknown ? ["the role has a rule that is not known and may read Secrets"] : [];
  });
}
