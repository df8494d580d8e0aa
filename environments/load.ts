import { z } from "zod";
import { findSecrets, hideSecretForms, withoutSecrets } from "../constructs/core/secret-forms";
import { recoveryProblems } from "./check-recovery";
import { type Defined, sharingProblems } from "./check-sharing";
import { type Environment, type EnvironmentDefinition, environmentSchema, readablePart } from "./schema";

/** All that is wrong with the definitions, so that one run is enough to mend them. */
export class EnvironmentError extends Error {
  constructor(readonly problems: readonly string[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super([`The environment definitions have ${count}; nothing was written:`, ...problems].join("\n  - "));
    this.name = "EnvironmentError";
  }
}

const SECRET = "what looks like a secret value (not shown)";

/**
 * Checks definitions and fills in their defaults.
 * @throws EnvironmentError with every problem of every definition: its path, the value received, what is allowed
 */
export function loadEnvironments(definitions: readonly EnvironmentDefinition[]): Environment[] {
  const problems: string[] = [];
  const environments: Environment[] = [];
  const defined: Defined[] = [];
  for (const [index, definition] of definitions.entries()) {
    const label = labelOf(definition, index);
    for (const path of findSecrets(definition)) {
      problems.push(`${label}.${path}: got ${SECRET}; allowed: a reference to where the secret is kept`);
    }
    const result = environmentSchema.safeParse(definition, { reportInput: true });
    if (result.success) environments.push(result.data);
    else problems.push(...result.error.issues.flatMap((issue) => describe(label, issue)));
    const environment = result.success ? result.data : readablePart(definition);
    if (environment) defined.push({ label, environment });
  }
  const names = definitions.map((definition) => definition?.name);
  problems.push(...sharingProblems(defined), ...recoveryProblems(defined, names));
  if (problems.length > 0) throw new EnvironmentError(problems.map(hideSecretForms));
  return environments;
}

function labelOf(definition: EnvironmentDefinition | undefined, index: number): string {
  const name: unknown = definition?.name;
  return typeof name === "string" && name !== "" ? name : `definition ${index + 1}`;
}

function describe(label: string, issue: z.core.$ZodIssue): string[] {
  const at = [label, ...issue.path].join(".").replace(/\.(\d+)/g, "[$1]");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map(
      (key) => `${at}.${key}: got a key that does not exist; see environments/schema.ts for those that do`,
    );
  }
  if (issue.code === "invalid_key") {
    return [
      `${at}: got ${JSON.stringify(issue.path.at(-1))}; allowed: ${issue.issues.map(allowedBy).join(", ")}`,
    ];
  }
  return [`${at}: got ${describeInput(issue.input, at)}; allowed: ${allowedBy(issue)}`];
}

/** As JSON, in which secrets alone are not shown. */
function describeInput(input: unknown, path: string): string {
  if (typeof input === "string" && findSecrets(input, path).length > 0) return SECRET;
  return JSON.stringify(withoutSecrets(input, path)) ?? "nothing";
}

const KINDS: Readonly<Record<string, string>> = {
  object: "an object",
  array: "a list",
  boolean: "true or false",
};

/** Fields say by themselves what is allowed; of other kinds of values the message tells what was received, too. */
function allowedBy({ message }: z.core.$ZodIssue): string {
  const allowed = message.replace(/^Invalid (input|option): expected /, "").replace(/, received .*$/, "");
  return KINDS[allowed] ?? allowed;
}
