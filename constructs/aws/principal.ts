import type { Construct } from "constructs";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { parsePrincipal } from "./arn";
import type { AwsPartition } from "./region";

/**
 * Checks the ARN of a principal.
 * @param partition required partition of the principal @default - any: AWS compares the whole ARN
 * @throws ValidationError unless the value is the ARN of one role or user: a pattern would admit others
 */
export function requirePrincipal(
  scope: Construct,
  property: string,
  principal: string,
  partition?: AwsPartition,
): void {
  if (!isLiteral(principal)) return;
  const arn = parsePrincipal(principal);
  if (!arn) {
    throw new ValidationError(
      scope,
      `${property} must be the ARN of one role or user, without wildcards, got ${received(principal)}`,
    );
  }
  if (partition && arn.partition !== partition) {
    throw new ValidationError(
      scope,
      `${property} must be of the partition ${partition}, got ${received(principal)}: AWS refuses a policy that names another partition`,
    );
  }
}
