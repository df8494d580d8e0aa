import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

export const ROOT = resolve(__dirname, "../../..");

/** The pages of the repository that people write, by their paths in it. */
export function pages(): Map<string, string> {
  const below = (folder: string) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((path) => join(folder, path));
  const paths = [...readdirSync(ROOT), ...below("docs"), ...below("examples")];
  const found = paths.filter((path) => path.endsWith(".md")).sort();
  return new Map(found.map((path) => [path, readFileSync(join(ROOT, path), "utf8")]));
}

/** A piece of TypeScript on a page. */
export interface Snippet {
  /** The page and the line on which it begins. */
  readonly place: string;
  readonly code: string;
}

export function snippetsOf(page: string, text: string): Snippet[] {
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => ({
    place: `${page}:${text.slice(0, match.index).split("\n").length + 1}`,
    code: match[1],
  }));
}
