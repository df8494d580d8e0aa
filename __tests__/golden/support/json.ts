import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

export function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Texts of the library's own files, such as in-pod scripts, to the files' names. */
export type FileTexts = ReadonlyMap<string, string>;

/**
 * Reads scripts and policies below a folder, which stacks hold as they are.
 * @throws Error for two files with one name, because golden files name them without their folders
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
 * Stack as a reviewer reads it: keys in order and no cdktf metadata. A text that is JSON is `{ json: its value }`, one
 * of several lines is `{ text: [its lines] }`, and one that a file of the library holds is `{ file: its name }`.
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
  // Versions of cdktf compute the hash of an asset in different ways.
  const stable = text.replace(/(assets\/CustomResourcesChart)\/[0-9A-F]{32}/g, "$1/HASH");
  return stable.includes("\n") ? { text: stable.split("\n") } : stable;
}

/** List or object that a text is, if it is one. */
function parsed(text: string): Json | undefined {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
