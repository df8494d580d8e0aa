import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

/** Folder of the repository. */
export const ROOT = resolve(__dirname, "../../..");

/** Markdown pages of the repository, by path. */
export function pages(): Map<string, string> {
  const below = (folder: string) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((path) => join(folder, path));
  const paths = [...readdirSync(ROOT), ...below("docs"), ...below("examples")];
  const found = paths.filter((path) => path.endsWith(".md")).sort();
  return new Map(found.map((path) => [path, readFileSync(join(ROOT, path), "utf8")]));
}

/** TypeScript block of a page. */
export interface Snippet {
  /** Page and line of the block. */
  readonly place: string;
  readonly code: string;
}

/** TypeScript blocks of a page. */
export function snippetsOf(page: string, text: string): Snippet[] {
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => ({
    place: `${page}:${text.slice(0, match.index).split("\n").length + 1}`,
    code: match[1],
  }));
}
