import type { IConstruct } from "constructs";
import { anyText, checkArguments, text } from "../constructs/core/field";
import { construct as CONSTRUCT } from "../constructs/core/fields";
import { ValidationError } from "../constructs/core/validation-error";
import { rules } from "./rules";
import { shownName } from "../constructs/core/received";

const METADATA = "hardening-suppression";

/** Accepted findings of one rule at and below one construct. */
export interface Suppression {
  /** Id of the rule. */
  readonly ruleId: string;
  /** Reason why the findings are accepted. */
  readonly reason: string;
  /** Path of the construct. */
  readonly path: string;
}

/**
 * Accepts the findings of a rule at a construct and below it. The report lists them with the reason. You can accept a
 * finding about the whole environment at any of its stacks, at the app, or at the Helm release of Vault.
 * @throws ValidationError for an unknown rule id and for an empty reason
 */
export function suppressRule(construct: IConstruct, ruleId: string, reason: string): void {
  checkArguments("suppressRule", {
    construct: [construct, CONSTRUCT],
    ruleId: [ruleId, text.known()],
    reason: [reason, anyText.known()],
  });
  const known = rules.map(({ id }) => id);
  if (!known.includes(ruleId)) {
    throw new ValidationError(
      construct,
      `no rule has the id ${shownName(ruleId)}; allowed: ${known.join(", ")}`,
    );
  }
  if (reason.trim() === "") {
    throw new ValidationError(
      construct,
      `reason must say why what ${ruleId} finds is accepted, got an empty text`,
    );
  }
  construct.node.addMetadata(METADATA, { ruleId, reason: reason.trim() });
}

/** Suppression of a rule at a construct or above it; the nearest one applies. */
export function suppressionAt(construct: IConstruct, ruleId: string): Suppression | undefined {
  return [...construct.node.scopes]
    .reverse()
    .flatMap(suppressionsOn)
    .find((suppression) => suppression.ruleId === ruleId);
}

/** Suppressions at a construct itself. */
export function suppressionsOn({ node }: IConstruct): Suppression[] {
  return node.metadata
    .filter(({ type }) => type === METADATA)
    .map(({ data }) => ({ ...(data as Omit<Suppression, "path">), path: node.path }));
}
