import { Testing } from "cdktf";
import type { z } from "zod";
import { loadEnvironments } from "../../platform/load";
import { service as schema } from "../../platform/schema-workloads";
import { buildEnvironments } from "../../stacks";
import { fullService, withFullService } from "./support/full-service";

/** Names of all fields of a schema, including nested ones: `deployment.config.secret`. */
function fieldsOf(type: z.core.$ZodType, path = ""): string[] {
  const { def } = type._zod as unknown as { def: Record<string, never> & { type: string } };
  if (def.type === "object") {
    const shape: Record<string, z.core.$ZodType> = def.shape;
    return Object.entries(shape).flatMap(([key, value]) => {
      const field = path === "" ? key : `${path}.${key}`;
      return [field, ...fieldsOf(value, field)];
    });
  }
  const inner = def.type === "array" ? def.element : def.innerType;
  return inner === undefined ? [] : fieldsOf(inner, path);
}

/** Proxy that adds the path of every field that is read to `paths`. */
function recording<T>(value: T, paths: Set<string>, path = ""): T {
  const isObject = Object.prototype.toString.call(value) === "[object Object]";
  // Values such as durations are class instances.
  if (!Array.isArray(value) && !(isObject && Object.getPrototypeOf(value) === Object.prototype)) return value;
  return new Proxy(value as object, {
    get(target, key) {
      if (Array.isArray(target)) return recording(Reflect.get(target, key), paths, path);
      const field = path === "" ? String(key) : `${path}.${String(key)}`;
      paths.add(field);
      return recording(Reflect.get(target, key), paths, field);
    },
  }) as T;
}

const fields = fieldsOf(schema);

/** Fields that no stack reads, with the reason. */
const NOT_READ: Readonly<Record<string, string>> = {
  "egress.internet":
    "an entry with neither ranges nor a namespace is for the internet: the schema requires it there",
};

test("sets every field of a service in the example", () => {
  const set = new Set<string>();
  JSON.stringify(recording(fullService, set));
  expect(fields.filter((field) => !set.has(field))).toEqual([]);
});

test("reads every field of a service in the stacks", () => {
  const [environment] = loadEnvironments([withFullService]);
  const read = new Set<string>();
  const services = environment.services.map((it) => recording(it, read));
  buildEnvironments(Testing.app(), [{ ...environment, services }]);
  expect(fields.filter((field) => !read.has(field))).toEqual(Object.keys(NOT_READ));
});
