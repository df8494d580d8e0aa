import type { IConstruct } from "constructs";
import { anyText, checkArguments, text } from "../constructs/core/field";
import { construct as CONSTRUCT } from "../constructs/core/fields";
import { ValidationError } from "../constructs/core/validation-error";
import { rules } from "./rules";

const METADATA = "hardening-suppression";

/** One rule that does not stop anybody at and below one construct. */
export interface Suppression {
  readonly ruleId: string;
  readonly reason: string;
  /** Path of the construct. */
  readonly path: string;
}

/**
 * Accepts what a rule finds at a construct and below it. What was found is listed in the report with the reason.
 * A finding about the whole environment is accepted at any of its stacks, at the app, or at the Helm release of Vault.
 * @throws ValidationError for an id that no rule has and for an empty reason
 */
export function suppressRule(construct: IConstruct, ruleId: string, reason: string): void {
  checkArguments("suppressRule", {
    construct: [construct, CONSTRUCT],
    ruleId: [ruleId, text.known()],
    reason: [reason, anyText.known()],
  });
  const known = rules.map(({ id }) => id);
  if (!known.includes(ruleId)) {
    throw new ValidationError(construct, `no rule has the id ${ruleId}; allowed: ${known.join(", ")}`);
  }
  if (reason.trim() === "") {
    throw new ValidationError(
      construct,
      `reason must say why what ${ruleId} finds is accepted, got an empty text`,
    );
  }
  construct.node.addMetadata(METADATA, { ruleId, reason: reason.trim() });
}

/** The suppression of a rule at a construct or above it; the nearest counts. */
export function suppressionAt(construct: IConstruct, ruleId: string): Suppression | undefined {
  return [...construct.node.scopes]
    .reverse()
    .flatMap(suppressionsOn)
    .find((suppression) => suppression.ruleId === ruleId);
}

/** The suppressions at a construct itself. */
export function suppressionsOn({ node }: IConstruct): Suppression[] {
  return node.metadata
    .filter(({ type }) => type === METADATA)
    .map(({ data }) => ({ ...(data as Omit<Suppression, "path">), path: node.path }));
}
