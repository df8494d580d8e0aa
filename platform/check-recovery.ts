import { received } from "../constructs/core/received";
import type { Defined } from "./check-sharing";
import { whereReadable } from "./readable";
import type { Environment } from "./schema";
import { stateRegionOf } from "./schema-aws";

type Report = (path: string, received: unknown, allowed: string) => void;

/** Compares a recovery environment with the original that it recovers. */
type RecoveryCheck = (recovery: Environment, original: Environment, report: Report) => void;

const same = (field: "account" | "unsealKeyAlias"): RecoveryCheck => {
  return ({ name, aws }, original, report) => {
    if (aws[field] === original.aws[field]) return;
    const allowed = `${original.aws[field]}, as in ${original.name}: its snapshots open with its key alone`;
    report(`${name}.aws.${field}`, aws[field], allowed);
  };
};

const checks: readonly RecoveryCheck[] = [
  ({ name, aws }, original, report) => {
    const { replica } = original.aws;
    if (!replica) {
      const allowed = `the region of ${name}, which cannot use the key without`;
      report(`${original.name}.aws.replica`, undefined, allowed);
    } else if (aws.region !== replica.region) {
      const allowed = `${replica.region}, which holds the replicas of ${original.name}`;
      report(`${name}.aws.region`, aws.region, allowed);
    }
  },
  ({ name }, original, report) => {
    if (original.aws.replica && !original.backup.replicate) {
      report(`${original.name}.backup.replicate`, false, `true, because ${name} restores the copies`);
    }
  },
  ({ name, state }, original, report) => {
    const { region } = original.aws;
    if (state === "s3" && stateRegionOf(original.aws) === region) {
      const allowed = `another region than ${region}: Terraform's state has to outlive what ${name} recovers`;
      report(`${original.name}.aws.stateRegion`, region, allowed);
    }
  },
  same("account"),
  same("unsealKeyAlias"),
];

/**
 * Problems that would prevent a recovery environment from replacing its original.
 * @param names of all definitions, including definitions that are otherwise unreadable
 */
export function recoveryProblems(definitions: readonly Defined[], names: readonly unknown[]): string[] {
  const problems: string[] = [];
  const report: Report = (path, value, allowed) =>
    problems.push(`${path}: got ${received(value, path)}; allowed: ${allowed}`);
  for (const { environment } of definitions) {
    whereReadable(() => {
      const { recovers, name } = environment;
      if (!recovers) return;
      const path = `${name}.recovers.environment`;
      const others = names.filter((other) => other !== name);
      if (!others.includes(recovers.environment)) {
        report(path, recovers.environment, `another environment: ${others.join(", ")}`);
      }
      const original = definitions.find(
        (other) => other.environment !== environment && other.label === recovers.environment,
      )?.environment;
      if (!original) return;
      if (whereReadable(() => original.recovers)) {
        report(path, recovers.environment, "an environment that does not itself recover another");
        return;
      }
      for (const check of checks) whereReadable(() => check(environment, original, report));
    });
  }
  return problems;
}
