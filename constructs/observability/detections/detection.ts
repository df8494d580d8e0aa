import type { Duration } from "../../core/duration";
import { type Field, anything, list, reference, text } from "../../core/field";

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

/** A detection, of which the queries are made by its conditions. */
export const detection = reference<Detection>("a detection, such as those of suspiciousAccess()", () => ({
  name: text,
  when: list(anything as Field<Condition>, 1),
}));
