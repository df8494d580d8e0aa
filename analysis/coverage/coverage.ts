/**
 * Attributes of a Terraform type, by what the access commands make of them. A name may be a dotted path; the longest
 * one counts. `+` and `-` are the creation and the removal of a block, and `*` is every other attribute.
 */
export interface TypeCoverage {
  /** Attributes with changes that another comparison reports. */
  readonly read?: readonly string[];
  /** Attributes that cannot affect access, by the reason. */
  readonly inert?: Readonly<Record<string, readonly string[]>>;
  /** Attributes of operation, such as a schedule: their changes are named and need no approval. */
  readonly operation?: readonly string[];
  /** Attributes that say which code runs: their changes need an approval. */
  readonly code?: readonly string[];
  /** Attributes that nothing reads. */
  readonly unread?: readonly string[];
}

/** Types of one provider. The name of a data source starts with `data.`. */
export interface ProviderCoverage {
  /** Types of which something is known. */
  readonly types: Readonly<Record<string, TypeCoverage>>;
  /** Types that nothing reads. */
  readonly unread: readonly string[];
}

/** What the access commands make of an attribute. */
export type Status = "read" | "inert" | "operation" | "code" | "unread";

/** Names in a text, separated by spaces or line breaks. */
export function names(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** Attributes of a type, each with its status. */
export function statusesOf(coverage: TypeCoverage): Map<string, Status> {
  const { read = [], inert = {}, operation = [], code = [], unread = [] } = coverage;
  const of = (status: Status, attributes: readonly string[]) =>
    attributes.map((attribute) => [attribute, status] as const);
  return new Map([
    ...of("read", read),
    ...of("inert", Object.values(inert).flat()),
    ...of("operation", operation),
    ...of("code", code),
    ...of("unread", unread),
  ]);
}
