import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command } from "../../cli/commands/comment";
import { Github } from "../support/servers/github";
import { callCommand } from "./support/call";
import { catchPrinted } from "./support/printed";

const MARK = "<!-- vault-platform access -->";
const BOT = "github-actions[bot]";
const { env } = process;

let folder: string;
let github: Github;
let printed: string[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "comment-"));
  report("report.md", `${MARK}\nnew`);
  github = await Github.start();
  process.env = { ...env, ...github.env };
  printed = catchPrinted();
});
afterEach(async () => {
  process.env = env;
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
  await github.stop();
});

const report = (name: string, text: string) => writeFileSync(join(folder, name), text);
const comment = (file: string | undefined, pullRequest?: string) =>
  callCommand(command, "comment", [
    ...(file === undefined ? [] : [join(folder, file)]),
    ...(pullRequest === undefined ? [] : ["--pull-request", pullRequest]),
  ]);

test("creates a comment for the first report and updates it with the next one", async () => {
  expect(await comment("report.md", "7")).toBe(0);
  report("report.md", `${MARK}\nnewer`);
  expect(await comment("report.md", "7")).toBe(0);
  expect(printed).toEqual([
    "The comment on pull request 7 is written.",
    "The comment on pull request 7 is updated.",
  ]);
  expect(github.comments.map(({ body }) => body)).toEqual([`${MARK}\nnewer`]);
  expect(github.calls).toContain("GET /repos/example/vault-platform/issues/7/comments");
});

test("keeps other comments, including users' comments with the mark, across several pages", async () => {
  const others = [
    { id: 1, login: "somebody", body: `${MARK}\nmine` },
    { id: 2, login: BOT, body: "<!-- another report -->\nx" },
    ...Array.from({ length: 120 }, (_, id) => ({ id: id + 3, login: "somebody", body: "hello" })),
  ];
  github.comments.push(...others, { id: 999, login: BOT, body: `${MARK}\r\nold` });
  await comment("report.md", "7");
  expect(github.comments.map(({ body }) => body)).toEqual([
    ...others.map(({ body }) => body),
    `${MARK}\nnew`,
  ]);
});

test.each([
  ["report.md", undefined, "comment requires --pull-request."],
  ["report.md", "7/../8", '--pull-request must be a number, got "7/../8".'],
  [undefined, "7", "comment takes FILE, got 0."],
  ["missing.md", "7", "missing.md cannot be read."],
  ["plain.md", "7", "plain.md must start with a line that is an HTML comment"],
  ["long.md", "7", "long.md must have 65536 characters at most"],
])("rejects %s on %s and sends no request to GitHub", async (file, pullRequest, message) => {
  report("plain.md", "hello");
  report("long.md", `${MARK}\n${"x".repeat(65_536)}`);
  await expect(comment(file, pullRequest)).rejects.toThrow(message);
  expect(github.calls).toEqual([]);
});

test("rejects a token that GitHub refuses", async () => {
  process.env.GITHUB_TOKEN = "wrong";
  await expect(comment("report.md", "7")).rejects.toThrow("GitHub refused GET /issues/7/comments: 403.");
});
