/** Arguments of a block. */
export type Json = Record<string, unknown>;

/** Object of a type whose attributes are changed one by one. */
export interface Specimen {
  /** Attributes without which a reader cannot compare the object. @default - its names */
  readonly attributes?: Json;
  /** Other blocks that a reader needs. @default - none */
  readonly others?: { readonly resource: Record<string, Record<string, Json>> };
  /** Values of attributes, by path. @default - by the type of the attribute */
  readonly values?: Readonly<Record<string, [before: unknown, after: unknown][]>>;
}
