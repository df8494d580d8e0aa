import type { Change, Owner } from "./changes";
import { mark } from "./markdown";

/** Service with its team, such as `invoice (team billing)`. */
export function describeOwner({ service, team }: Owner): string {
  return team === undefined ? service : `${service} (team ${team})`;
}

/** Subject of a change, with its team if that is known. */
export function describeSubject({ subject, owner }: Change): string {
  return owner?.team === undefined ? subject : `${subject} (team ${owner.team})`;
}

/** Description of a change with the owner of the objects that it concerns, and those who had access until now. */
export function describeChange({ what, concerns, untilNow = [], advice = [] }: Change): string {
  return [
    what,
    ...(concerns ? [`of ${mark(describeOwner(concerns))}`] : []),
    ...(concerns ? [`until now: ${untilNow.map(mark).join(", ") || "nobody else"}`] : []),
    ...advice,
  ].join("; ");
}
