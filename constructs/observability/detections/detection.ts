import type { Duration } from "../../core/duration";
import { Field, anyText, anything, fieldOf, list, number, object, oneOf, text } from "../../core/field";
import { duration } from "../../core/fields";
import { received } from "../../core/received";

/**
 * Fields of Vault's audit log that the detections read. None of them is hashed.
 * @see https://developer.hashicorp.com/vault/docs/audit/schema
 */
export type AuditField =
  /** `request` before Vault acts, `response` after it; every access has both. */
  | "type"
  /** Error message, such as `permission denied`. Absent if there was no error. */
  | "error"
  /** Names of all policies of the token. */
  | "auth.policies"
  /** Login of the token: auth mount and name, such as `kubernetes-production-payment-service`. */
  | "auth.display_name"
  /** Operation: create, read, update, patch, delete or list. */
  | "request.operation"
  /** Path without `/v1/`. */
  | "request.path"
  /** Request id, the same in the entries of all audit devices, and when an entry is sent again. */
  | "request.id"
  /** Type of the secrets engine or auth method that handles the request, such as `kv`. */
  | "request.mount_type"
  /** Address that the request came from: the client's or the last proxy's. */
  | "request.remote_address";

/** Condition on an entry of the audit log. */
export type Condition =
  | { readonly field: AuditField; readonly oneOf: readonly string[] }
  | { readonly field: AuditField; readonly startsWith: readonly string[] }
  | { readonly field: AuditField; readonly contains: string }
  | { readonly field: AuditField; readonly absent: true }
  | { readonly not: Condition };

/** More entries than usual from one origin within a time window. */
export interface Burst {
  /** Field that identifies the origin. */
  readonly by: AuditField;
  /** Field with the different values that are counted, because entries can arrive more than once. */
  readonly distinct: AuditField;
  /** Highest number that is still usual. */
  readonly moreThan: number;
  /** Length of the time window, in whole minutes; windows are consecutive. */
  readonly within: Duration;
}

/** Pattern in the audit log. Each matching entry is an event, or each burst of matching entries. */
export interface Detection {
  /** Identifier in kebab case. */
  readonly name: string;
  /** Title for the rules of a SIEM. */
  readonly title: string;
  /** Severity of an event. */
  readonly severity: "critical" | "high" | "medium";
  /** Possible meaning of an event. */
  readonly description: string;
  /** Legitimate cause of an event. */
  readonly expected: string;
  /** Conditions; an entry must match all of them. */
  readonly when: readonly Condition[];
  /** Burst that is an event. @default - each entry is an event */
  readonly burst?: Burst;
}

const field = text.known() as Field<AuditField>;

const texts = list(text.known(), 1).known();

/** Checks of conditions, by the property that states the comparison. */
const CONDITIONS: Readonly<Record<string, Field<object>>> = {
  oneOf: object(() => ({ field, oneOf: texts })),
  startsWith: object(() => ({ field, startsWith: texts })),
  contains: object(() => ({ field, contains: text.known() })),
  absent: object(() => ({ field, absent: fieldOf<true>("true", (value) => value === true) })),
  not: object(() => ({ not: condition })),
};

/** Finds misspelt properties in conditions without a comparison. */
const ANY = object(() => ({
  field,
  ...Object.fromEntries(Object.keys(CONDITIONS).map((key) => [key, anything.optional()])),
}));

const condition: Field<Condition> = new Field((value, name) => {
  const key = Object.keys(CONDITIONS).find((it) => Object.hasOwn(Object(value), it));
  if (key !== undefined) return CONDITIONS[key].problem(value, name);
  const problem = ANY.problem(value, name);
  return (
    problem ??
    `${name} must be a condition with ${Object.keys(CONDITIONS).join(" or ")}, got ${received(value)}`
  );
});

const burst = object<Burst>(() => ({
  by: field,
  distinct: field,
  moreThan: number.known(),
  within: duration,
}));

/** Field check of a detection. */
export const detection = object<Detection>(() => ({
  name: text.known(),
  title: text.known(),
  severity: oneOf("critical", "high", "medium"),
  description: anyText.known(),
  expected: anyText.known(),
  when: list(condition, 1),
  burst: burst.optional(),
}));
