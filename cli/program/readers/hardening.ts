import type { App } from "cdktf";
import { evaluate } from "../../../hardening/evaluate";
import { type ItemState, itemStates } from "../../../hardening/item-states";
import type { Finding, PlatformReport, Report } from "../../../hardening/report";
import type { Suppression } from "../../../hardening/suppression";

/** What one rule found wrong at one place. */
export interface ReportedFinding extends Pick<Finding, "level" | "path" | "problem" | "suppression"> {
  readonly rule: Pick<Finding["rule"], "id" | "fix" | "source">;
}

/** How one environment came out. */
export interface ReportedPlatform extends Pick<PlatformReport, "name" | "stacks"> {
  readonly items: readonly (Omit<ItemState, "findings"> & {
    readonly findings: readonly ReportedFinding[];
  })[];
  readonly findings: readonly ReportedFinding[];
  /** Each rule, with how often it is met and how often it is not. */
  readonly rules: readonly { id: string; level: Finding["level"]; met: number; findings: number }[];
}

/** How an app came out. */
export interface HardeningReport {
  readonly platforms: readonly ReportedPlatform[];
  readonly unneeded: readonly Suppression[];
}

/** Judges an app by the hardening rules, whether its program applies them or not. */
export function read(app: App): HardeningReport {
  return reportOf(evaluate(app));
}

function reportOf({ platforms, unneeded }: Report): HardeningReport {
  return { platforms: platforms.map(reportPlatform), unneeded };
}

function reportPlatform(platform: PlatformReport): ReportedPlatform {
  const { name, stacks, results } = platform;
  return {
    name,
    stacks,
    items: itemStates(platform).map((it) => ({ ...it, findings: it.findings.map(reportFinding) })),
    findings: results.flatMap(({ findings }) => findings.map(reportFinding)),
    rules: results.map(({ rule, met, findings }) => ({
      id: rule.id,
      level: rule.level,
      met: met.length,
      findings: findings.length,
    })),
  };
}

function reportFinding({ rule, level, path, problem, suppression }: Finding): ReportedFinding {
  const { id, fix, source } = rule;
  return { rule: { id, fix, source }, level, path, problem, suppression };
}
