import type { NameRule } from "../constructs/core/name-rule";
import type { Path } from "./check";
import { whereReadable } from "./readable";
import type { Environment } from "./schema";

/** A name that follows from a definition. */
export interface DerivedName {
  /** Format and maximum length of the name. */
  readonly rule: NameRule;
  /** Full name, such as `dev-vault-backup`. */
  readonly name: string;
  /** Noun phrase for the object that has the name. */
  readonly of: string;
  /** Field that decides the name. */
  readonly path: Path;
  /** Scope in which the name is unique. @default - none: only format and length are checked here */
  readonly within?: string;
  /** True if other environments are not in `within`, such as the environment's own cluster. @default false */
  readonly isOwnPlace?: boolean;
  /** True if every definition and field with the name means the same object. @default false */
  readonly isShared?: boolean;
}

/** Lists names of one kind. A source that reads an unreadable field is skipped. */
export type NameSource = (environment: Environment) => readonly DerivedName[];

/** Source of the names of each item in a list. The names have paths below the item. */
export function ofEach<T>(
  path: Path,
  itemsOf: (environment: Environment) => readonly T[],
  source: (item: T, environment: Environment) => readonly DerivedName[],
): NameSource {
  return (environment) => {
    const items = itemsOf(environment);
    return [...items.keys()].flatMap(
      (index) =>
        whereReadable(() =>
          source(items[index], environment).map((it) => ({ ...it, path: [...path, index, ...it.path] })),
        ) ?? [],
    );
  };
}

/** Returns true if two names collide: they are equal within one scope and mean different objects. */
export function meets(one: DerivedName, other: DerivedName): boolean {
  return (
    one.within !== undefined &&
    one.within === other.within &&
    one.name === other.name &&
    !(one.isShared && other.isShared && one.of === other.of)
  );
}
