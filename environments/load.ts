import { z } from "zod";
import { recoveryProblems } from "./check-recovery";
import { platformNames } from "./names";
import { type Environment, type EnvironmentDefinition, environmentSchema } from "./schema";
import { findSecrets } from "../constructs/core/secret-forms";

/** All that is wrong with the definitions, so that one run is enough to mend them. */
export class EnvironmentError extends Error {
  constructor(readonly problems: readonly string[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super([`The environment definitions have ${count}; nothing was written:`, ...problems].join("\n  - "));
    this.name = "EnvironmentError";
  }
}

/**
 * Checks definitions and fills in their defaults.
 * @throws EnvironmentError with every problem of every definition: its path, the value received, what is allowed
 */
export function loadEnvironments(definitions: readonly EnvironmentDefinition[]): Environment[] {
  const problems: string[] = [];
  const environments: Environment[] = [];
  for (const [index, definition] of definitions.entries()) {
    const label = typeof definition?.name === "string" ? definition.name : `definition ${index + 1}`;
    const secrets = findSecrets(definition).map(
      (path) =>
        `${label}.${path}: got what looks like a secret value (not shown); allowed: a reference to where the secret is kept`,
    );
    problems.push(...secrets);
    const result = environmentSchema.safeParse(definition, { reportInput: secrets.length === 0 });
    if (result.success) environments.push(result.data);
    else problems.push(...result.error.issues.flatMap((issue) => describe(label, issue)));
  }
  problems.push(...sharedNames(environments));
  const names = definitions.map((definition) => definition?.name);
  problems.push(...environments.flatMap((it) => recoveryProblems(it, environments, names)));
  if (problems.length > 0) throw new EnvironmentError(problems);
  return environments;
}

function describe(label: string, issue: z.core.$ZodIssue): string[] {
  const at = [label, ...issue.path].join(".").replace(/\.(\d+)/g, "[$1]");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map(
      (key) => `${at}.${key}: got a key that does not exist; see environments/schema.ts for those that do`,
    );
  }
  const received = "input" in issue ? `got ${JSON.stringify(issue.input) ?? "nothing"}; ` : "";
  return [`${at}: ${received}allowed: ${issue.message.replace(/^Invalid (input|option): /, "")}`];
}

/** Names live per account and region (aliases) or per account (roles) or worldwide (buckets). */
function sharedNames(environments: readonly Environment[]): string[] {
  const owners = new Map<string, string>();
  const problems: string[] = [];
  for (const environment of environments) {
    const { account, region, stateRegion, replica } = environment.aws;
    const names = platformNames(environment);
    // Who recovers another one makes no key: it uses the other's.
    const regions = environment.recovers ? [] : [region, ...(replica ? [replica.region] : [])];
    const claims = [
      ...regions.map((where) => [
        `${names.unsealKeyAlias} in account ${account}, ${where}`,
        "aws.unsealKeyAlias",
      ]),
      [`role ${names.roles.server} in account ${account}`, "name"],
      [`bucket ${names.snapshotBucket}`, "name"],
    ];
    const elsewhere = environments.find(
      (other) => other.aws.account === account && other.aws.stateRegion !== stateRegion,
    );
    if (elsewhere && environments.indexOf(elsewhere) < environments.indexOf(environment)) {
      const allowed = `${elsewhere.aws.stateRegion}, as in ${elsewhere.name}: an account has one state bucket`;
      problems.push(
        `${environment.name}.aws.stateRegion: got ${JSON.stringify(stateRegion)}; allowed: ${allowed}`,
      );
    }
    // The pipelines' roles reach state by the prefix `<name>-`, and IAM roles by `<name>-vault`.
    const inside = environments.find(
      (other) => other.aws.account === account && environment.name.startsWith(`${other.name}-`),
    );
    if (inside) {
      const allowed = `one that does not start with ${inside.name}-, which is how ${inside.name}'s pipelines find their state`;
      problems.push(`${environment.name}.name: got ${JSON.stringify(environment.name)}; allowed: ${allowed}`);
    }
    for (const [claim, path] of claims) {
      const owner = owners.get(claim);
      if (owner === undefined) owners.set(claim, environment.name);
      else
        problems.push(
          `${environment.name}.${path}: got ${claim}; allowed: one that ${owner} does not use already`,
        );
    }
  }
  return problems;
}
