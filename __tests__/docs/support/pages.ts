import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const ROOT = resolve(__dirname, "../../..");

/** The pages of the repository, by their paths in it. */
export function pages(): Map<string, string> {
  const tracked = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"];
  const paths = execFileSync("git", tracked, { cwd: ROOT, encoding: "utf8" }).split("\0");
  // What API Extractor writes has no links and no snippets, and templates are pages of another repository.
  const own = paths.filter((path) => path && !/^(etc|templates)\//.test(path));
  return new Map(own.sort().map((path) => [path, readFileSync(join(ROOT, path), "utf8")]));
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
