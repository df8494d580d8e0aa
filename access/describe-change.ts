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
export function describeChange({ what, concerns, untilNow = [], gain, remarks = [] }: Change): string {
  return [
    what,
    ...(concerns
      ? [
          `can ${verbOf(gain?.capabilities ?? [])} ${concerns.objects} of ${mark(describeOwner(concerns))}`,
          `until now: ${untilNow.map(mark).join(", ") || "nobody else"}`,
        ]
      : []),
    ...remarks,
  ].join("; ");
}

function verbOf(capabilities: readonly string[]): string {
  if (capabilities.every((capability) => capability === "list")) return "list";
  const writes = capabilities.some((capability) =>
    ["create", "update", "patch", "delete"].includes(capability),
  );
  const reads = capabilities.includes("read");
  return writes && reads ? "read and change" : writes ? "use or change" : "read";
}
