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
  /** What went wrong, such as `permission denied`. Absent where nothing did. */
  | "error"
  /** Names of all policies of the token. */
  | "auth.policies"
  /** Login that the token is of: auth mount and name, such as `kubernetes-production-payment-service`. */
  | "auth.display_name"
  /** create, read, update, patch, delete, list. */
  | "request.operation"
  /** Path without `/v1/`. */
  | "request.path"
  /** The same in the entries of all audit devices, and when an entry is sent again. */
  | "request.id"
  /** Type of the engine that answers, such as `kv`. */
  | "request.mount_type"
  /** Address that the request came from: the client's or the last proxy's. */
  | "request.remote_address";

/** What an entry has to be like. */
export type Condition =
  | { readonly field: AuditField; readonly oneOf: readonly string[] }
  | { readonly field: AuditField; readonly startsWith: readonly string[] }
  | { readonly field: AuditField; readonly contains: string }
  | { readonly field: AuditField; readonly absent: true }
  | { readonly not: Condition };

/** More entries than are usual, by one origin in a window of time. */
export interface Burst {
  /** Field that the origin is known by. */
  readonly by: AuditField;
  /** Counts different values of this field, because entries may arrive more than once. */
  readonly distinct: AuditField;
  readonly moreThan: number;
  /** Whole minutes; windows follow each other. */
  readonly within: Duration;
}

/** What is looked for in the audit log; each entry that fits is an event, or each burst of them. */
export interface Detection {
  readonly name: string;
  readonly title: string;
  readonly severity: "critical" | "high" | "medium";
  /** What it may mean. */
  readonly description: string;
  /** When it is nobody's fault. */
  readonly expected: string;
  /** All of them have to hold. */
  readonly when: readonly Condition[];
  /** @default - each entry is an event */
  readonly burst?: Burst;
}

const field = text.known() as Field<AuditField>;

const texts = list(text.known(), 1).known();

/** Conditions by the property that says what has to hold. */
const CONDITIONS: Readonly<Record<string, Field<object>>> = {
  oneOf: object(() => ({ field, oneOf: texts })),
  startsWith: object(() => ({ field, startsWith: texts })),
  contains: object(() => ({ field, contains: text.known() })),
  absent: object(() => ({ field, absent: fieldOf<true>("true", (value) => value === true) })),
  not: object(() => ({ not: condition })),
};

/** Finds what is misspelt where nothing says what has to hold. */
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

export const detection = object<Detection>(() => ({
  name: text.known(),
  title: text.known(),
  severity: oneOf("critical", "high", "medium"),
  description: anyText.known(),
  expected: anyText.known(),
  when: list(condition, 1),
  burst: burst.optional(),
}));
