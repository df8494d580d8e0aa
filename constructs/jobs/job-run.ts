import type { CronJobV1Spec } from "@cdktf/provider-kubernetes/lib/cron-job-v1";
import type { JobV1Spec } from "@cdktf/provider-kubernetes/lib/job-v1";
import type { Construct } from "constructs";
import { CronSchedule } from "../core/cron-schedule";
import { Duration } from "../core/duration";
import { checkArguments, whole } from "../core/field";
import { having } from "../core/fields";
import { parseProperty } from "../core/format-error";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import type { JobPod } from "./job-pod";

/** A failure that needs a person (`stop` in `scripts/common.sh`): the job is not tried again. */
const STOPPED = 64;

/** What Terraform waits longer than a job may take, so that it sees the job fail and not itself lose patience. */
const MARGIN = Duration.minutes(2);

const JOB_POD = having<JobPod>("a JobPod", "template", "stepNames", "timeout");

/**
 * A job that Terraform waits for. It is never deleted by itself, because Terraform would make it again.
 * @param retries further pods after one that failed, unless it needs a person
 */
export function waitedFor(pod: JobPod, retries: number) {
  checkArguments("waitedFor", { pod: [pod, JOB_POD], retries: [retries, whole(0)] });
  const patience = `${pod.timeout.toSeconds() + MARGIN.toSeconds()}s`;
  return {
    spec: jobSpec(pod, retries),
    waitForCompletion: true,
    timeouts: { create: patience, update: patience },
  };
}

/**
 * A job that comes again and again: never twice at once, and kept for as long as somebody may ask.
 * @param schedule five fields, in UTC
 * @param retries further pods after one that failed, unless it needs a person
 */
export function repeated(pod: JobPod, schedule: string, retries: number): CronJobV1Spec {
  return {
    schedule,
    timezone: "Etc/UTC",
    concurrencyPolicy: "Forbid",
    // A controller that was down for a while makes up for the last run.
    startingDeadlineSeconds: 3600,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 5,
    jobTemplate: { metadata: { labels: pod.labels }, spec: jobSpec(pod, retries) },
  };
}

function jobSpec(pod: JobPod, backoffLimit: number): JobV1Spec {
  return {
    activeDeadlineSeconds: pod.timeout.toSeconds(),
    backoffLimit,
    podFailurePolicy: {
      rule: [
        // The provider crashes on a rule that names no container.
        ...pod.stepNames.map((containerName) => ({
          action: "FailJob",
          onExitCodes: { containerName, operator: "In", values: [STOPPED] },
        })),
        // A drained node is nobody's failure.
        { action: "Ignore", onPodCondition: [{ type: "DisruptionTarget", status: "True" }] },
      ],
    },
    template: pod.template,
  };
}

/** @throws ValidationError for a schedule that Kubernetes rejects or that never runs */
export function requireSchedule(scope: Construct, schedule: string): void {
  parseProperty(scope, "schedule", schedule, CronSchedule.parse);
}

/** @throws ValidationError for a prefix that would run into the names after it, or make a folder without a name */
export function requirePrefix(scope: Construct, prefix: string): void {
  if (isLiteral(prefix) && !/^([\w.-]+\/)*$/.test(prefix)) {
    throw new ValidationError(
      scope,
      `prefix must be empty or end with a slash and not start with one, such as vault/, got ${received(prefix)}`,
    );
  }
}
