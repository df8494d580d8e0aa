import type { IConstruct } from "constructs";
import type { Duration } from "../core/duration";
import { received } from "../core/received";
import { ValidationError } from "../core/validation-error";
import type { IGrantee } from "./policy-rule";

/** A duration by the name under which the reader set it. */
export type NamedDuration = readonly [name: string, value: Duration];

/** Maximum of a mount that is not tuned, unless the server's own configuration says otherwise: 32 days. */
export const SYSTEM_MAX_TTL_HOURS = 768;

/** @throws ValidationError that names both values */
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
 * A lease ends with the token that took it, whatever its own maximum says; a periodic token has no end.
 * @throws ValidationError when the lease's maximum is longer than that of the grantee's token
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
