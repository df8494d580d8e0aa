/**
 * Object that references lead into, such as all resources of a type. Its attributes are evaluated when they are asked
 * for.
 */
export abstract class Reference {
  /** Attribute or element. */
  abstract at(key: string | number): unknown;
  /** The object as a whole. */
  abstract value(): unknown;
}

/** Names that an expression can refer to. */
export interface Scope {
  /** Value or reference of a name; undefined if the scope does not have it. */
  readonly find: (name: string) => unknown;
}

/** Scope with further names, as a loop has them. */
export function withNames(scope: Scope, names: Readonly<Record<string, unknown>>): Scope {
  return { find: (name) => (Object.hasOwn(names, name) ? names[name] : scope.find(name)) };
}
