import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { nearest } from "./nearest";
import { received, shownName } from "./received";
import { ValidationError } from "./validation-error";

/**
 * Check for one kind of value of a property or an argument. CDK apps in plain JavaScript have no compiler that reports
 * wrong values, so each public construct and method checks its input.
 *
 * `problem` returns the problem with a value as a sentence that begins with the name, or undefined if the value is
 * valid.
 *
 * This does not use zod. Loading zod costs each subpath of the package 70 ms. It would contribute only checks of its
 * `custom` kind, because a cdktf token can be a string, a number or a list.
 */
export class Field<out T> {
  /** Never set. It makes the compiler compare the value types of fields. */
  declare readonly of?: T;

  constructor(readonly problem: (value: unknown, name: string) => string | undefined) {}

  /** Returns a field that also accepts undefined. It rejects `null`, because Terraform treats `null` as a value. */
  optional(): Field<T | undefined> {
    return new Field((value, name) => (value === undefined ? undefined : this.problem(value, name)));
  }

  /**
   * Returns a field that rejects tokens. Use it for values that become part of a name or decide which resources exist.
   */
  known(): Field<T> {
    return new Field((value, name) =>
      Token.isUnresolved(value) ? mustBeKnown(name, value) : this.problem(value, name),
    );
  }

  /** Returns a field with a further condition. It accepts tokens. */
  that(allowed: string, fits: (value: T) => boolean): Field<T> {
    return new Field((value, name) => {
      const problem = this.problem(value, name);
      if (problem !== undefined || Token.isUnresolved(value) || fits(value as T)) return problem;
      return mustBe(name, allowed, value);
    });
  }
}

/** One field for each property of an interface. */
export type Fields<P> = { readonly [K in keyof P]-?: Field<P[K]> };

function mustBe(name: string, allowed: string, value: unknown): string {
  return `${name} must be ${allowed}, got ${received(value, name)}`;
}

function mustBeKnown(name: string, value: unknown): string {
  return `${name} must be known at synthesis, got ${received(value)}`;
}

/** Creates a field for values that meet a condition. */
export function fieldOf<T>(allowed: string, fits: (value: unknown) => boolean): Field<T> {
  return new Field((value, name) => (fits(value) ? undefined : mustBe(name, allowed, value)));
}

/** String that is not blank. */
export const text = fieldOf<string>(
  "a string that is not empty",
  (value) => typeof value === "string" && value.trim() !== "",
);

/** String, which may be empty. */
export const anyText = fieldOf<string>("a string", (value) => typeof value === "string");

/** Boolean. */
export const flag = fieldOf<boolean>("true or false", (value) => typeof value === "boolean");

/** Finite number. */
export const number = fieldOf<number>(
  "a number",
  (value) => typeof value === "number" && Number.isFinite(value),
);

/** Whole number within limits. */
export function whole(least: number, most = Infinity): Field<number> {
  const allowed = `a whole number from ${least}${most === Infinity ? "" : ` to ${most}`}`;
  return fieldOf(
    allowed,
    (value) =>
      typeof value === "number" &&
      (Token.isUnresolved(value) || (Number.isInteger(value) && value >= least && value <= most)),
  );
}

/** One of several strings. It rejects tokens, because the value decides which resources exist. */
export function oneOf<const T extends string>(...values: readonly T[]): Field<T> {
  const allowed = values.map((value) => JSON.stringify(value)).join(" or ");
  return fieldOf<T>(allowed, (value) => values.includes(value as T)).known();
}

/** List of values. With `least` 1 it must not be empty. */
export function list<T>(of: Field<T>, least: 0 | 1 = 0): Field<readonly T[]> {
  return new Field((value, name) => {
    if (!Array.isArray(value)) return mustBe(name, "a list", value);
    if (value.length < least) return `${name} must name one at least, got none`;
    return first(value.map((item, index) => () => of.problem(item, `${name}[${index}]`)));
  });
}

/** Object with any keys. */
export function record<T>(of: Field<T>): Field<Readonly<Record<string, T>>> {
  return new Field((value, name) => {
    if (!isObject(value)) return mustBe(name, "an object", value);
    if (Token.isUnresolved(value)) return undefined;
    return first(
      Object.entries(value).map(
        ([key, item]) =>
          () =>
            of.problem(item, below(name, key)),
      ),
    );
  });
}

/** Any value. */
export const anything = fieldOf<unknown>("anything", () => true);

/**
 * Object with these properties and no others.
 * @param fields called on first use, because modules may import each other
 */
export function object<P extends object>(fields: () => Fields<P>): Field<P> {
  let known: [string, Field<unknown>][] | undefined;
  return new Field((value, name) => {
    if (!isObject(value)) return mustBe(name || "props", "an object", value);
    known ??= Object.entries<Field<unknown>>(fields());
    const names = known.map(([key]) => key);
    const unknown = Object.keys(value).find((key) => !names.includes(key));
    if (unknown !== undefined) return unknownKey(below(name, unknown), unknown, names);
    return propertyProblem(value, name, known);
  });
}

/**
 * Object with at least these properties: a construct, or a reference to one that is created elsewhere.
 * @param what description of the object, and how to get it
 */
export function reference<P extends object>(what: string, fields: () => Partial<Fields<P>>): Field<P> {
  let known: [string, Field<unknown>][] | undefined;
  return new Field((value, name) => {
    known ??= Object.entries<Field<unknown>>(fields() as Fields<Record<string, unknown>>);
    const has = (key: string) => key in (value as object);
    if (!isObject(value) || !known.some(([key]) => has(key))) return mustBe(name, what, value);
    return propertyProblem(value, name, known);
  });
}

/** Value of one of two fields that exclude each other. */
export function either<T, U>(allowed: string, one: Field<T>, other: Field<U>): Field<T | U> {
  return new Field((value, name) => {
    if ([one, other].some((field) => field.problem(value, "") === undefined)) return undefined;
    return Token.isUnresolved(value) ? mustBeKnown(name, value) : mustBe(name, allowed, value);
  });
}

/**
 * Checks the properties of a construct or a method.
 * @param at the construct, its path, or the name of a function
 * @throws ValidationError that names the first property that is unknown, missing or of another kind
 */
export function checkProps<P>(at: IConstruct | string, field: Field<P>, props: P): void {
  const problem = field.problem(props, "");
  if (problem !== undefined) throw new ValidationError(at, problem);
}

/**
 * Checks arguments, each by its name.
 * @throws ValidationError for the first invalid argument
 */
export function checkArguments(
  at: IConstruct | string,
  args: Readonly<Record<string, readonly [value: unknown, field: Field<unknown>]>>,
): void {
  for (const [name, [value, field]] of Object.entries(args)) {
    const problem = field.problem(value, name);
    if (problem !== undefined) throw new ValidationError(at, problem);
  }
}

function propertyProblem(
  value: object,
  name: string,
  fields: readonly [string, Field<unknown>][],
): string | undefined {
  for (const [key, field] of fields) {
    const problem = field.problem((value as Record<string, unknown>)[key], below(name, key));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function unknownKey(path: string, key: string, names: readonly string[]): string {
  const near = nearest(key, names);
  return `there is no property ${path}${near ? `, did you mean ${near}?` : `; properties: ${names.join(", ")}`}`;
}

function first(problems: readonly (() => string | undefined)[]): string | undefined {
  for (const problem of problems) {
    const found = problem();
    if (found !== undefined) return found;
  }
  return undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function below(name: string, key: string): string {
  return name === "" ? shownName(key) : `${name}.${shownName(key)}`;
}
