import { TerraformStack, Testing } from "cdktf";
import { declareEnvironment, type EnvironmentFacts } from "../../../hardening/environment-facts";
import { evaluate } from "../../../hardening/evaluate";
import type { Report, RuleResult } from "../../../hardening/report";
import { rules } from "../../../hardening/rules";
import { suppressRule } from "../../../hardening/suppression";

/** Function that adds constructs to a stack. */
export type Build = (stack: TerraformStack) => void;

/** Cases of a rule. */
export interface RuleCases {
  /** Stacks that comply with the rule. */
  readonly compliant: Readonly<Record<string, Build>>;
  /** Stacks that violate the rule, with all expected problems. */
  readonly violated: Readonly<Record<string, readonly [build: Build, ...problems: string[]]>>;
  /** Stacks that the rule cannot evaluate, with all expected reasons, without `not judged: `. @default - none */
  readonly notJudged?: Readonly<Record<string, readonly [build: Build, ...reasons: string[]]>>;
  /** Stacks that the rule does not apply to. */
  readonly notApplicable: Readonly<Record<string, Build>>;
  /** Declared facts about the stack's environment. @default - none */
  readonly facts?: EnvironmentFacts;
}

/** Tests one rule: compliant, violated, not applicable and suppressed. */
export function describeRule(id: string, cases: RuleCases): void {
  const rule = rules.find((it) => it.id === id);
  if (!rule) throw new Error(`no rule ${id}`);
  const judge = (build: Build): [Report, RuleResult] => {
    const stack = new TerraformStack(Testing.app(), "test");
    if (cases.facts) declareEnvironment(stack, cases.facts);
    build(stack);
    const report = evaluate(stack.node.root, [rule]);
    return [report, report.platforms[0].results[0]];
  };
  const problems = ({ findings }: RuleResult) => findings.map(({ problem }) => problem);

  describe(id, () => {
    test.each(Object.entries(cases.compliant))("is met by %s", (_title, build) => {
      const [, result] = judge(build);
      expect(problems(result)).toEqual([]);
      expect(result.met).not.toEqual([]);
    });
    test.each(Object.entries(cases.violated))("is violated by %s", (_title, [build, ...expected]) => {
      const [report, result] = judge(build);
      expect(problems(result)).toEqual(expected);
      expect(rule.level === "error" ? report.errors : report.warnings).toEqual(result.findings);
    });
    for (const [title, [build, ...expected]] of Object.entries(cases.notJudged ?? {})) {
      test(`does not judge ${title}, which is an error`, () => {
        const [report, result] = judge(build);
        expect(problems(result)).toEqual(
          expected.map((reason) => (typeof reason === "string" ? `not judged: ${reason}` : reason)),
        );
        expect(report.errors).toEqual(result.findings);
        expect(result.findings.map(({ outcome }) => outcome)).toEqual(expected.map(() => "not judged"));
        expect(result.met).toEqual([]);
      });
    }
    test.each(Object.entries(cases.notApplicable))("says nothing about %s", (_title, build) => {
      const [, result] = judge(build);
      expect(problems(result)).toEqual([]);
      expect(result.met).toEqual([]);
    });
    test("is suppressed with a reason, which the report lists", () => {
      const [build, ...expected] = Object.values(cases.violated)[0];
      const [report] = judge((stack) => {
        build(stack);
        suppressRule(stack, id, "accepted for a test");
      });
      expect([...report.errors, ...report.warnings]).toEqual([]);
      expect(report.suppressed.map(({ problem, suppression }) => [problem, suppression])).toEqual(
        expected.map((problem) => [problem, { ruleId: id, reason: "accepted for a test", path: "test" }]),
      );
    });
  });
}
