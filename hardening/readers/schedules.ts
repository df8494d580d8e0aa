import { CronSchedule } from "../../constructs/core/cron-schedule";
import { FormatError } from "../../constructs/core/format-error";
import { received } from "../../constructs/core/received";
import { durationOf } from "../../constructs/policy/durations";
import { type Block, block, field } from "./blocks";
import type { Pods } from "./pods";
import { booleanOf, known, textOf } from "./values";

/** Names of schedules. @see https://github.com/robfig/cron/blob/v3.0.1/parser.go */
const NAMED: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

/** Returns true for a CronJob that starts no pods. @throws NotJudged for a switch that only Terraform knows */
export function isSuspended(pods: Pods): boolean {
  const spec = specOf(pods);
  const job = block(block(field(spec, "job_template", "jobTemplate")).spec);
  return (
    booleanOf(spec, "suspend") === true ||
    booleanOf(job, "suspend") === true ||
    textOf(job, "parallelism") === "0"
  );
}

/**
 * Problems of a CronJob that must start a pod regularly.
 * @param limit longest allowed time between two starts, in days
 * @throws NotJudged for a schedule that only Terraform knows
 */
export function scheduleProblems(pods: Pods, limit: number): string[] {
  const spec = specOf(pods);
  const schedule = textOf(spec, "schedule") ?? "";
  const zone = known("time zone", field(spec, "timezone", "time_zone", "timeZone"));
  if (zone !== undefined && !isTimeZone(zone)) return [`its time zone ${received(zone)} does not exist`];
  const gap = longestGap(schedule);
  if (typeof gap === "string") return [`its schedule ${received(schedule)} ${gap}`];
  const days = gap / 86400;
  return days > limit
    ? [
        `its schedule ${received(schedule)} leaves ${Math.round(days)} days without a run, and ${limit} are allowed`,
      ]
    : [];
}

/** Longest time between two firings, in seconds; or the reason why there is none. */
function longestGap(schedule: string): number | string {
  const every = /^@every\s+(\S+)$/.exec(schedule)?.[1];
  if (every !== undefined) return durationOf(every) ?? "is not one that Kubernetes accepts";
  try {
    return CronSchedule.parse(NAMED[schedule] ?? schedule).longestGap();
  } catch (error) {
    if (error instanceof FormatError) return "never fires, or Kubernetes rejects it";
    throw error;
  }
}

function isTimeZone(zone: unknown): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: String(zone) });
    return typeof zone === "string" && zone !== "" && zone !== "Local";
  } catch {
    return false;
  }
}

function specOf({ element }: Pods): Block {
  const body = element.type === "kubernetes_manifest" ? block(element.body.manifest) : element.body;
  return block(body.spec);
}
