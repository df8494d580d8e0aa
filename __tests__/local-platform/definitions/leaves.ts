import { z } from "zod";
import { environmentSchema } from "../../../platform/schema";

interface JsonSchema {
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
}

/** Position in a definition, such as `["databases", 0, "host"]`. */
export type Path = readonly (string | number)[];

/** Names of all fields of a definition, such as `databases[].host`. A map is one field. */
export function fieldsOfSchema(): Set<string> {
  const schema = z.toJSONSchema(environmentSchema, { io: "input", unrepresentable: "any" }) as JsonSchema;
  return new Set(fieldsOf(schema, ""));
}

function fieldsOf(schema: JsonSchema, at: string): string[] {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.flatMap((choice) => fieldsOf(choice, at));
  if (schema.properties) {
    return Object.entries(schema.properties).flatMap(([name, below]) =>
      fieldsOf(below, at === "" ? name : `${at}.${name}`),
    );
  }
  return schema.items ? fieldsOf(schema.items, `${at}[]`) : [at];
}

/** Paths of all scalars in a value. */
export function leavesOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return value === undefined ? [] : [at];
  return Object.entries(value).flatMap(([key, below]) =>
    leavesOf(below, [...at, Array.isArray(value) ? Number(key) : key]),
  );
}

/** Paths of all non-empty lists in a value. */
export function listsOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [];
  const own = Array.isArray(value) && value.length > 0 ? [at] : [];
  return [
    ...own,
    ...Object.entries(value).flatMap(([key, below]) =>
      listsOf(below, [...at, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

/** Returns true if a definition sets a field. */
export function uses(definition: unknown, field: string): boolean {
  const found = leavesOf(definition).map(fieldOf);
  return found.some((it) => it === field || it.startsWith(`${field}.`));
}

/** Name of the field that a path belongs to, as in `fieldsOfSchema`. */
export function fieldOf(path: Path): string {
  return path
    .map((step, index) => (typeof step === "number" ? "[]" : index === 0 ? step : `.${step}`))
    .join("");
}

/** Value at a path, undefined if there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((it, step) => (it as Record<string | number, unknown>)?.[step], value);
}

/** Copy with another value at a path; `undefined` removes a key. */
export function withValue<T>(value: T, [step, ...rest]: Path, replacement: unknown): T {
  if (step === undefined) return replacement as T;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string | number, unknown>;
  copy[step] = withValue(copy[step], rest, replacement);
  return copy as T;
}
