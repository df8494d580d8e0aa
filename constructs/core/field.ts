import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { nearest } from "./nearest";
import { received } from "./received";
import { ValidationError } from "./validation-error";

/**
 * One kind of value that a property or an argument can have. Programs in plain JavaScript have no compiler that tells
 * them, so each public construct and method checks what it is given.
 *
 * This is not zod: loading zod costs each subpath of the package 70 ms, and all that it would do here are checks of its
 * `custom` kind, because a token of cdktf stands for a string, a number or a list.
 */
export class Field<out T> {
  /** Never set; it makes the compiler compare what fields are of. */
  declare readonly of?: T;

  /** @param problem what is wrong with the value, as a sentence that begins with the name; nothing if it fits */
  constructor(readonly problem: (value: unknown, name: string) => string | undefined) {}

  /** The same, or nothing. `null` is refused, because Terraform takes it for a value. */
  optional(): Field<T | undefined> {
    return new Field((value, name) => (value === undefined ? undefined : this.problem(value, name)));
  }

  /** The same, but no token: where the value decides what is synthesized, or becomes part of a name. */
  known(): Field<T> {
    return new Field((value, name) =>
      Token.isUnresolved(value) ? mustBeKnown(name, value) : this.problem(value, name),
    );
  }

  /** The same, if a further condition holds. Tokens pass. */
  that(allowed: string, fits: (value: T) => boolean): Field<T> {
    return new Field((value, name) => {
      const problem = this.problem(value, name);
      if (problem !== undefined || Token.isUnresolved(value) || fits(value as T)) return problem;
      return mustBe(name, allowed, value);
    });
  }
}

/** A field for each property of an interface. */
export type Fields<P> = { readonly [K in keyof P]-?: Field<P[K]> };

function mustBe(name: string, allowed: string, value: unknown): string {
  return `${name} must be ${allowed}, got ${received(value, name)}`;
}

function mustBeKnown(name: string, value: unknown): string {
  return `${name} must be known at synthesis, got ${received(value)}`;
}

/** Values for which a condition holds. */
export function fieldOf<T>(allowed: string, fits: (value: unknown) => boolean): Field<T> {
  return new Field((value, name) => (fits(value) ? undefined : mustBe(name, allowed, value)));
}

/** A string, which must say something. */
export const text = fieldOf<string>(
  "a string that is not empty",
  (value) => typeof value === "string" && value.trim() !== "",
);

/** A string, which may be empty. */
export const anyText = fieldOf<string>("a string", (value) => typeof value === "string");

export const flag = fieldOf<boolean>("true or false", (value) => typeof value === "boolean");

/** A number; that not every number is one is JavaScript's. */
export const number = fieldOf<number>(
  "a number",
  (value) => typeof value === "number" && Number.isFinite(value),
);

/** A whole number. */
export function whole(least: number, most = Infinity): Field<number> {
  const allowed = `a whole number from ${least}${most === Infinity ? "" : ` to ${most}`}`;
  return fieldOf(
    allowed,
    (value) =>
      typeof value === "number" &&
      (Token.isUnresolved(value) || (Number.isInteger(value) && value >= least && value <= most)),
  );
}

/** One of some strings, which decides what is synthesized. */
export function oneOf<const T extends string>(...values: readonly T[]): Field<T> {
  const allowed = values.map((value) => JSON.stringify(value)).join(" or ");
  return fieldOf<T>(allowed, (value) => values.includes(value as T)).known();
}

/** A list; `least` is 1 where it must not be empty. */
export function list<T>(of: Field<T>, least: 0 | 1 = 0): Field<readonly T[]> {
  return new Field((value, name) => {
    if (!Array.isArray(value)) return mustBe(name, "a list", value);
    if (value.length < least) return `${name} must name one at least, got none`;
    return first(value.map((item, index) => () => of.problem(item, `${name}[${index}]`)));
  });
}

/** An object whose keys are anything. */
export function record<T>(of: Field<T>): Field<Readonly<Record<string, T>>> {
  return new Field((value, name) => {
    if (!isObject(value)) return mustBe(name, "an object", value);
    if (Token.isUnresolved(value)) return undefined;
    return first(
      Object.entries(value).map(
        ([key, item]) =>
          () =>
            of.problem(item, `${name}.${key}`),
      ),
    );
  });
}

/** Any value. */
export const anything = fieldOf<unknown>("anything", () => true);

/**
 * An object with these properties and no others.
 * @param fields are asked for late, because modules may import each other
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
 * An object that has at least these properties: a construct, or what describes one that is made elsewhere.
 * @param what it is, and how one gets it
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

/** Either of two fields that no value fits both of. */
export function either<T, U>(allowed: string, one: Field<T>, other: Field<U>): Field<T | U> {
  return new Field((value, name) => {
    if ([one, other].some((field) => field.problem(value, "") === undefined)) return undefined;
    return Token.isUnresolved(value) ? mustBeKnown(name, value) : mustBe(name, allowed, value);
  });
}

/**
 * Checks what a construct or a method is given.
 * @param at the construct, its path, or the name of a function
 * @throws ValidationError that names the first property that is unknown, missing or of another kind
 */
export function checkProps<P>(at: IConstruct | string, field: Field<P>, props: P): void {
  const problem = field.problem(props, "");
  if (problem !== undefined) throw new ValidationError(at, problem);
}

/**
 * Checks arguments, each by its name.
 * @throws ValidationError for the first that does not fit
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
  return name === "" ? key : `${name}.${key}`;
}
