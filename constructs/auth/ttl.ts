import type { IConstruct } from "constructs";
import type { Duration } from "../core/duration";
import { received } from "../core/received";
import { ValidationError } from "../core/validation-error";
import type { IGrantee } from "./policy-rule";

/** A duration with the name of its property, for error messages. */
export type NamedDuration = readonly [name: string, value: Duration];

/** Maximum TTL of a mount that is not tuned, unless the server configuration sets another: 32 days. */
export const SYSTEM_MAX_TTL_HOURS = 768;

/**
 * Checks that a duration is at most a limit.
 * @throws ValidationError that names both values
 */
export function requireNotLonger(
  scope: IConstruct,
  [name, value]: NamedDuration,
  [limitName, limit]: NamedDuration,
  because: string,
): void {
  if (value.isLongerThan(limit)) {
    throw new ValidationError(
      scope,
      `${name} must be at most ${limitName}, got ${received(value)} and ${limit}: ${because}`,
    );
  }
}

/**
 * Checks that a lease cannot outlive the grantee's token. A lease ends with the token that created it, even if the
 * lease's own maximum is longer. A periodic token has no end.
 * @throws ValidationError if the lease's maximum is longer than the maximum TTL of the grantee's token
 */
export function requireLeaseWithinToken(scope: IConstruct, lease: NamedDuration, grantee: IGrantee): void {
  if (grantee.isPeriodic) return;
  requireNotLonger(
    scope,
    lease,
    [`the token's maxTtl of ${grantee.node.path}`, grantee.tokenMaxTtl],
    "a token that ends takes its leases with it; lengthen the token, shorten the lease or make the token periodic",
  );
}
