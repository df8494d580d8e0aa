import type { App } from "cdktf";
import { evaluate } from "../../../hardening/evaluate";
import { type ItemState, itemStates } from "../../../hardening/item-states";
import type { Finding, PlatformReport, Report } from "../../../hardening/report";
import type { Suppression } from "../../../hardening/suppression";

/** Finding of one rule at one place. */
export interface ReportedFinding extends Pick<Finding, "level" | "path" | "problem" | "suppression"> {
  /** Rule that reports the finding. */
  readonly rule: Pick<Finding["rule"], "id" | "fix" | "source">;
}

/** Result of one environment. */
export interface ReportedPlatform extends Pick<PlatformReport, "name" | "stacks"> {
  /** Items of the checklist, with their findings. */
  readonly items: readonly (Omit<ItemState, "findings"> & {
    readonly findings: readonly ReportedFinding[];
  })[];
  /** All findings. */
  readonly findings: readonly ReportedFinding[];
  /** Rules, with the number of places that meet them and that do not. */
  readonly rules: readonly { id: string; level: Finding["level"]; met: number; findings: number }[];
}

/** Result of an app. */
export interface HardeningReport {
  /** Results by environment. */
  readonly platforms: readonly ReportedPlatform[];
  /** Suppressions without a finding. */
  readonly unneeded: readonly Suppression[];
}

/** Evaluates an app by the hardening rules, even if its program does not apply them. */
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
