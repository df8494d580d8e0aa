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

/** Exit code of `stop` in `scripts/common.sh`: an operator must fix the cause, so Kubernetes does not retry the job. */
const STOPPED = 64;

/**
 * Additional time that Terraform waits beyond the job's timeout, so that it sees the job fail before it times out
 * itself.
 */
const MARGIN = Duration.minutes(2);

const JOB_POD = having<JobPod>("a JobPod", "template", "stepNames", "timeout");

/**
 * Spec of a job that Terraform waits for. The job is never deleted automatically, because Terraform would create it
 * again.
 * @param retries number of new pods after a failure, unless an operator must fix the cause
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
 * Spec of a CronJob. Its runs never overlap, and recent jobs are kept for inspection.
 * @param schedule cron schedule with five fields, in UTC
 * @param retries number of new pods after a failure, unless an operator must fix the cause
 */
export function repeated(pod: JobPod, schedule: string, retries: number): CronJobV1Spec {
  return {
    schedule,
    timezone: "Etc/UTC",
    concurrencyPolicy: "Forbid",
    // After a downtime, the controller starts the last run that it missed.
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
        // The provider crashes on a rule without a container name.
        ...pod.stepNames.map((containerName) => ({
          action: "FailJob",
          onExitCodes: { containerName, operator: "In", values: [STOPPED] },
        })),
        // A node drain does not count as a failure.
        { action: "Ignore", onPodCondition: [{ type: "DisruptionTarget", status: "True" }] },
      ],
    },
    template: pod.template,
  };
}

/**
 * Validates a cron schedule.
 * @throws ValidationError for a schedule that Kubernetes rejects or that never runs
 */
export function requireSchedule(scope: Construct, schedule: string): void {
  parseProperty(scope, "schedule", schedule, CronSchedule.parse);
}

/**
 * Validates a prefix of object names.
 * @throws ValidationError for a prefix without a trailing slash, and for an empty path segment
 */
export function requirePrefix(scope: Construct, prefix: string): void {
  if (isLiteral(prefix) && !/^([\w.-]+\/)*$/.test(prefix)) {
    throw new ValidationError(
      scope,
      `prefix must be empty or end with a slash and not start with one, such as vault/, got ${received(prefix)}`,
    );
  }
}
