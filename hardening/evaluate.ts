import { Aspects, type IAspect, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { hideSecrets } from "../constructs/core/received";
import { spellsOutSecret } from "../constructs/core/secret-texts";
import { visible } from "../constructs/core/visible";
import { type Platform, platformsOf } from "./platform";
import { isVaultRelease } from "./readers/helm";
import type { Finding, PlatformReport, Report, RuleResult } from "./report";
import { type Rule, type Subject, type Verdict, attempt, notJudged } from "./rule";
import { rules } from "./rules";
import { type Suppression, suppressionAt, suppressionsOn } from "./suppression";

/**
 * Evaluates the rules on all stacks of an app as Terraform would read them. Other aspects are applied first, so that
 * their changes are evaluated too; synthesis applies them again.
 */
export function evaluate(root: IConstruct, ruleSet: readonly Rule[] = rules): Report {
  const constructs = root.node.findAll();
  const stacks = constructs.filter(TerraformStack.isStack);
  for (const stack of stacks) applyAspects(stack);
  const platforms = platformsOf(stacks).map((platform) => judgePlatform(platform, ruleSet));
  const findings = platforms.flatMap(({ results }) => results.flatMap((result) => result.findings));
  const open = findings.filter(({ suppression }) => !suppression);
  const used = new Set(findings.map(({ suppression }) => suppression && keyOf(suppression)));
  return {
    platforms,
    errors: open.filter(({ level }) => level === "error"),
    warnings: open.filter(({ level }) => level === "warning"),
    suppressed: findings.filter(({ suppression }) => suppression),
    unneeded: constructs.flatMap(suppressionsOn).filter((suppression) => !used.has(keyOf(suppression))),
  };
}

function judgePlatform(platform: Platform, ruleSet: readonly Rule[]): PlatformReport {
  const subjects: Subject[] = [platform, ...platform.elements];
  return {
    name: platform.facts?.name,
    stacks: platform.stacks.map(({ node }) => node.path),
    results: ruleSet.map((rule) => judgeRule(rule, subjects)),
  };
}

function judgeRule(rule: Rule, subjects: readonly Subject[]): RuleResult {
  const met: { path: string; evidence?: string }[] = [];
  const findings: Finding[] = [];
  for (const subject of subjects) {
    const verdict = safely(rule, subject);
    if (verdict.outcome === "not-applicable") continue;
    const { construct, path } = subject.kind === "element" ? subject : anchorOf(subject);
    if (verdict.outcome === "compliant") {
      met.push({ path, evidence: verdict.evidence });
      continue;
    }
    const suppression = suppressionOf(rule, subject);
    for (const problem of verdict.problems.map(withoutSecrets)) {
      findings.push({ rule, level: rule.level, outcome: "not met", construct, path, problem, suppression });
    }
    if (verdict.outcome === "non-compliant") continue;
    for (const problem of verdict.reasons.map(withoutQuotation)) {
      findings.push({ rule, level: "error", outcome: "not judged", construct, path, problem, suppression });
    }
  }
  return { rule, met, findings };
}

/** Text of a finding without credentials and without characters that nobody sees. */
function withoutSecrets(text: string): string {
  return visible(hideSecrets(text));
}

/** Message of a parser without the lines after the first one, which quote the configuration. */
function withoutQuotation(message: string): string {
  const [line] = message.split("\n");
  return spellsOutSecret(line) ? "the message of the parser is not shown" : withoutSecrets(line);
}

/** Runs a rule. A rule that crashes has no result. */
function safely(rule: Rule, subject: Subject): Verdict {
  try {
    return attempt(() => rule.check(subject));
  } catch (error) {
    return notJudged([`the rule crashed: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

/** Construct that a finding about a whole environment is reported at: Vault's release, otherwise the first stack. */
function anchorOf(platform: Platform): { readonly construct: IConstruct; readonly path: string } {
  const [stack] = platform.stacks;
  return (
    platform.resources("helm_release").find(isVaultRelease) ?? { construct: stack, path: stack.node.path }
  );
}

function suppressionOf(rule: Rule, subject: Subject): Suppression | undefined {
  const places =
    subject.kind === "element" ? [subject.construct] : [anchorOf(subject).construct, ...subject.stacks];
  return places.map((place) => suppressionAt(place, rule.id)).find((found) => found);
}

function keyOf({ path, ruleId }: Suppression): string {
  return `${ruleId} ${path}`;
}

/**
 * Applies the aspects of a stack and its children. cdktf does this when it synthesizes that stack; the rules need it
 * for all stacks first.
 */
function applyAspects(construct: IConstruct, inherited: readonly IAspect[] = []): void {
  const aspects = [...inherited, ...Aspects.of(construct).all];
  for (const aspect of aspects) aspect.visit(construct);
  for (const child of construct.node.children) {
    if (!TerraformStack.isStack(child)) applyAspects(child, aspects);
  }
}
