import type { NameRule } from "../constructs/core/name-rule";
import type { Path } from "./check";
import { whereReadable } from "./readable";
import type { Environment } from "./schema";

/** A name that follows from a definition. */
export interface DerivedName {
  readonly rule: NameRule;
  readonly name: string;
  /** What has the name. */
  readonly of: string;
  /** Field that decides the name. */
  readonly path: Path;
  /** Where no other thing can have the name. @default - nowhere: it refers to what something else owns */
  readonly within?: string;
  /** Other environments are not in `within`, such as the environment's own cluster. @default false */
  readonly isOwnPlace?: boolean;
  /** Every definition and field that has the name means the same thing. @default false */
  readonly isShared?: boolean;
}

/** Names of one kind. It may read what cannot be read, and is left out then. */
export type NameSource = (environment: Environment) => readonly DerivedName[];

/** Names of each item of a list, by paths below it. */
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

/** Two names that meet: neither thing could be told from the other. */
export function meets(one: DerivedName, other: DerivedName): boolean {
  return (
    one.within !== undefined &&
    one.within === other.within &&
    one.name === other.name &&
    !(one.isShared && other.isShared && one.of === other.of)
  );
}
