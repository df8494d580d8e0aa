import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import ts from "typescript";
import { renderColumns } from "../access/table";

/*
 * Counts words that make comments and pages hard to read, and words that address the reader:
 * `npm run language [-- PATH ...]`. Exits with 1 if a limit is exceeded.
 */

interface Limit {
  readonly text: "comments" | "pages";
  readonly words: string;
  readonly pattern: RegExp;
  /** Occurrences per 1,000 words. */
  readonly most?: number;
  /** Occurrences per 1,000 words. */
  readonly least?: number;
}

const LIMITS: readonly Limit[] = [
  { text: "comments", words: "what", pattern: /\bwhat\b/gi, most: 2 },
  { text: "comments", words: "who, whom, whose", pattern: /\b(who|whom|whose|whoever)\b/gi, most: 0.5 },
  { text: "pages", words: "you, your", pattern: /\byou(rs?)?\b/gi, least: 6 },
  ...(["comments", "pages"] as const).map((text) => ({
    text,
    words: "mend, bear, aloud, is told, of its own, another's",
    pattern: /\b(mend(s|ed)?|bears?|aloud|is told|of its own|another's)\b/gi,
    most: 0,
  })),
];

const tracked = execFileSync("git", ["ls-files", "-z", "--", ...process.argv.slice(2)], { encoding: "utf8" })
  .split("\0")
  .filter(Boolean);

const texts = {
  comments: tracked
    .filter((file) => /\.(ts|sh)$/.test(file))
    .map(commentsOf)
    .join("\n"),
  pages: tracked
    .filter((file) => file.endsWith(".md") && !/^(__tests__|etc)\//.test(file) && file !== "CHANGELOG.md")
    .map((file) => readFileSync(file, "utf8").replaceAll(/^```[^]*?^```$/gm, ""))
    .join("\n"),
};

/** Comments of a TypeScript file or of a shell script. */
function commentsOf(file: string): string {
  const text = readFileSync(file, "utf8");
  if (file.endsWith(".sh")) return (text.match(/(^|\s)#(?!!).*$/gm) ?? []).join("\n");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const comments = new Map<number, string>();
  const visit = (node: ts.Node): void => {
    const ranges = [
      ...(ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(text, node.getEnd()) ?? []),
    ];
    for (const { pos, end } of ranges) comments.set(pos, text.slice(pos, end));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...comments.values()].join("\n");
}

const words = (text: string) => text.match(/[\p{L}']+/gu)?.length ?? 0;

let exceeded = false;
const rows = LIMITS.map(({ text, words: name, pattern, most, least }) => {
  const per1000 = ((texts[text].match(pattern)?.length ?? 0) / Math.max(1, words(texts[text]))) * 1000;
  const isMet = (most === undefined || per1000 <= most) && (least === undefined || per1000 >= least);
  if (!isMet) exceeded = true;
  const limit = most === undefined ? `at least ${least}` : `at most ${most}`;
  return [text, name, per1000.toFixed(2), limit, isMet ? "" : "exceeded"];
});
console.log(renderColumns([["text", "words", "per 1,000", "limit", ""], ...rows], [2]));
if (exceeded) process.exitCode = 1;
