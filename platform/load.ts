import { z } from "zod";
import { nearest } from "../constructs/core/nearest";
import { MAY_BE_SECRET, hideSecrets, isHarmless, received, shownName } from "../constructs/core/received";
import { visible } from "../constructs/core/visible";
import { findSecrets, hasSecretForm } from "../constructs/core/secret-forms";
import { recoveryProblems } from "./check-recovery";
import { type Defined, sharingProblems } from "./check-sharing";
import { type Environment, type EnvironmentDefinition, environmentSchema, readablePart } from "./schema";

/** Error with all problems of the environment definitions, so that you can fix them after one run. */
export class EnvironmentError extends Error {
  constructor(
    /** Problems, each with its path, the received value and the allowed values. */
    readonly problems: readonly string[],
  ) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super([`The environment definitions have ${count}; nothing was written:`, ...problems].join("\n  - "));
    this.name = "EnvironmentError";
  }
}

/**
 * Checks environment definitions and fills in their defaults.
 * @throws EnvironmentError with every problem of every definition: its path, the received value, the allowed values
 */
export function loadEnvironments(definitions: readonly EnvironmentDefinition[]): Environment[] {
  const problems: string[] = [];
  const environments: Environment[] = [];
  const defined: Defined[] = [];
  for (const [index, definition] of definitions.entries()) {
    const label = labelOf(definition, index);
    for (const path of findSecrets(definition)) {
      problems.push(
        `${label}.${path.split(".").map(shownName).join(".")}: got ${MAY_BE_SECRET}; allowed: a reference to where the secret is kept`,
      );
    }
    const result = environmentSchema.safeParse(definition, { reportInput: true, error: allowedKeys });
    if (result.success) environments.push(result.data);
    else problems.push(...result.error.issues.flatMap((issue) => describe(label, issue)));
    const environment = result.success ? result.data : readablePart(definition);
    if (environment) defined.push({ label, environment });
  }
  const names = definitions.map((definition) => definition?.name);
  problems.push(...sharingProblems(defined), ...recoveryProblems(defined, names));
  if (problems.length > 0)
    throw new EnvironmentError(problems.map((problem) => visible(hideSecrets(problem))));
  return environments;
}

function labelOf(definition: EnvironmentDefinition | undefined, index: number): string {
  const name: unknown = definition?.name;
  const isShown = typeof name === "string" && /^[\w. -]{1,40}$/.test(name) && isHarmless(name);
  return isShown ? name : `definition ${index + 1}`;
}

function describe(label: string, issue: z.core.$ZodIssue): string[] {
  const at = [label, ...issue.path.map(shownPart)].join(".").replace(/\.(\d+)/g, "[$1]");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => describeUnknownKey(at, key, issue.message.split(", ")));
  }
  if (issue.code === "invalid_key") {
    return [`${at}: got ${received(issue.path.at(-1))}; allowed: ${issue.issues.map(allowedBy).join(", ")}`];
  }
  return [
    `${at}: got ${isSecret(issue) ? "a text (not shown)" : received(issue.input, at)}; allowed: ${allowedBy(issue)}`,
  ];
}

/** Part of a path: an index, the name of a field, or a key of the user's. */
function shownPart(part: PropertyKey): PropertyKey {
  return typeof part === "string" ? shownName(part) : part;
}

/** Message for an unknown key, which lists the known keys. The issue itself does not contain them. */
function allowedKeys({ code, inst }: z.core.$ZodRawIssue): string | undefined {
  if (code !== "unrecognized_keys" || !(inst instanceof z.ZodObject)) return undefined;
  return Object.keys(inst.shape).join(", ");
}

function describeUnknownKey(at: string, key: string, known: readonly string[]): string {
  const path = /^\w{1,40}$/.test(key) && isHarmless(key) ? `${at}.${key}` : at;
  const meant = nearest(key, known);
  const suggestion = meant === undefined ? "" : ` (did you mean ${meant}?)`;
  return `${path}: got a key that does not exist${suggestion}; allowed: ${known.join(", ")}`;
}

/** Returns true for fields with confidential values: their invalid values are not printed. */
function isSecret(issue: z.core.$ZodIssue): boolean {
  return issue.code === "custom" && issue.params?.isSecret === true && !hasSecretForm(String(issue.input));
}

const KINDS: Readonly<Record<string, string>> = {
  object: "an object",
  array: "a list",
  boolean: "true or false",
};

/** Allowed values. Messages of fields contain only these; zod's own messages also contain the received value. */
function allowedBy({ message }: z.core.$ZodIssue): string {
  const allowed = message.replace(/^Invalid (input|option): expected /, "").replace(/, received .*$/, "");
  return KINDS[allowed] ?? allowed;
}
