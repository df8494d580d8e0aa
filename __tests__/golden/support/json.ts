import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";

/** JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Returns true for a JSON object. */
export function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns true for a JSON array. */
export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Names of the library's own files, such as in-pod scripts, by their content. */
export type FileTexts = ReadonlyMap<string, string>;

/**
 * Reads the scripts and policies below a folder that stacks contain unchanged.
 * @throws Error for two files with the same name, because golden files omit their folders
 */
export function readFileTexts(root: string): FileTexts {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((it) =>
    /\.(sh|hcl)$/.test(it),
  );
  const names = files.map((file) => basename(file));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`names of scripts must be unique, got two of ${twice}`);
  return new Map(files.map((file) => [readFileSync(join(root, file), "utf8"), basename(file)]));
}

/**
 * Stack in a form for review: sorted keys, without cdktf metadata. JSON text becomes `{ json: its value }` and
 * multi-line text `{ text: [its lines] }`. The content of a library file becomes `{ file: its name }`.
 */
export function toReadable(value: Json, files: FileTexts): Json {
  if (typeof value === "string") return readableText(value, files);
  if (isList(value)) return value.map((item) => toReadable(item, files));
  if (!isObject(value)) return value;
  const keys = Object.keys(value).filter((key) => key !== "//");
  return Object.fromEntries(keys.sort().map((key) => [key, toReadable(value[key], files)]));
}

function readableText(text: string, files: FileTexts): Json {
  const file = files.get(text.replaceAll("$${", "${").replaceAll("%%{", "%{"));
  if (file !== undefined) return { file };
  const json = parsed(text);
  if (json !== undefined) return { json: toReadable(json, files) };
  // The hash of an asset differs between versions of cdktf.
  const stable = text.replace(/(assets\/CustomResourcesChart)\/[0-9A-F]{32}/g, "$1/HASH");
  return stable.includes("\n") ? { text: stable.split("\n") } : stable;
}

/** Object or list that the text contains as JSON, or undefined. */
function parsed(text: string): Json | undefined {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
