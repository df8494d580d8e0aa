import type * as Utilities from "cdktf/lib/util";
import { engineModule, withFunctions } from "./engine-module";

const utilities = engineModule<typeof Utilities>("util");

type Attributes = Record<string, unknown>;

/**
 * Has the engine leave out at once what a resource says nothing of, instead of carrying it along: a pod has hundreds of
 * arguments, of which twenty are used. And the names of the arguments that every resource has, such as `dependsOn`, are
 * turned into Terraform's once, and not for each resource.
 */
export function withLeanAttributes<T>(work: () => T): T {
  const { processDynamicAttributes, keysToSnakeCase } = utilities;
  const names = new Map<string, string>();
  const lean = {
    processDynamicAttributes: (attributes: Attributes) => said(attributes, processDynamicAttributes),
    keysToSnakeCase: (value: unknown): unknown =>
      isFlat(value) ? renamed(value, names) : keysToSnakeCase(value),
  };
  return withFunctions(utilities, lean, work);
}

function said(
  attributes: Readonly<Attributes>,
  byEngine: (attributes: Readonly<Attributes>) => Attributes,
): Attributes {
  const result: Attributes = {};
  for (const name of Object.keys(attributes)) {
    const value = attributes[name];
    if (value === undefined) continue;
    if (typeof value !== "object" || value === null || Array.isArray(value)) result[name] = value;
    else if (value.constructor === Object) result[name] = said(value as Attributes, byEngine);
    // A block that Terraform repeats, for example, which the engine puts in another place.
    else return byEngine(attributes);
  }
  return result;
}

function isFlat(value: unknown): value is Readonly<Attributes> {
  return (
    typeof value === "object" &&
    value?.constructor === Object &&
    Object.values(value).every((item) =>
      Array.isArray(item) ? item.every((it) => typeof it !== "object") : typeof item !== "object",
    )
  );
}

function renamed(attributes: Readonly<Attributes>, names: Map<string, string>): Attributes {
  const result: Attributes = {};
  for (const key of Object.keys(attributes)) {
    let name = names.get(key);
    if (name === undefined) names.set(key, (name = utilities.snakeCase(key)));
    result[name] = attributes[key];
  }
  return result;
}
