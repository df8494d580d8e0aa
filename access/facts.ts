import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Accepted findings of a hardening rule at and below a construct. */
export interface SuppressionFact {
  /** Id of the rule. */
  readonly ruleId: string;
  /** Reason why the findings are accepted. */
  readonly reason: string;
  /** Path of the construct; "" is the app. */
  readonly path: string;
}

/** Service that owns the constructs at and below a path. */
export interface OwnerFact {
  /** Path of the construct. */
  readonly path: string;
  /** Name of the service. */
  readonly service: string;
  /** Name of the team. */
  readonly team: string;
}

/** Statements about constructs that Terraform's JSON does not contain. */
export interface Facts {
  /** Suppressions of hardening rules. */
  readonly suppressions: readonly SuppressionFact[];
  /** Owners of services. */
  readonly owners: readonly OwnerFact[];
}

/** Facts that a command recorded beside the stacks. @returns undefined for output of another synthesis */
export function readFacts(folder: string): Facts | undefined {
  const file = join(folder, "facts.jsonl");
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  const facts = lines.map((line) => JSON.parse(line) as { type: string; path: string; data: object });
  const of = (type: string) =>
    facts.filter((fact) => fact.type === type).map(({ path, data }) => ({ ...data, path }));
  return {
    suppressions: of("hardening-suppression") as SuppressionFact[],
    owners: of("service-owner") as OwnerFact[],
  };
}
