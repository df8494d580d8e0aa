import { readFileSync } from "node:fs";
import { received } from "../../constructs/core/received";
import { UserError } from "../../constructs/core/user-error";
import { ExitCode, defineCommand } from "../command";
import { print } from "../terminal";

/** GitHub takes no longer comment. */
const MOST = 65_536;

export const command = defineCommand({
  summary: "puts a report on a pull request, as a comment that updates itself",
  usage: `FILE --pull-request NUMBER

Writes the file's text as a comment, or writes anew the comment that starts with the same line. That line is the mark
by which it is found: an HTML comment, as access --base --format markdown writes it.

  --pull-request NUMBER  the pull request, of the repository in GITHUB_REPOSITORY, with GITHUB_TOKEN

Exit codes: 0 written, 1 failed or called wrongly.`,
  options: { "pull-request": { type: "string" } },
  async run({ values, positionals }) {
    const [file, ...others] = positionals;
    if (file === undefined || others.length > 0) {
      throw new UserError(`comment takes one file, got ${received(positionals.length)}.`);
    }
    const number = values["pull-request"] ?? "";
    if (!/^[1-9]\d*$/.test(number))
      throw new UserError(`--pull-request must be a number, got ${received(values["pull-request"])}.`);
    const text = read(file);
    if (!/^<!-- [^\n]+ -->\n/.test(text)) {
      throw new UserError(
        `${file} must start with a line that is an HTML comment, by which it is found again.`,
      );
    }
    if (text.length > MOST) {
      throw new UserError(`${file} must have ${MOST} characters at most, which is all that GitHub takes.`);
    }
    const { GithubRepository } = await import("../github.js");
    const done = await GithubRepository.fromEnvironment(process.env).comment(Number(number), text);
    print(`The comment on pull request ${number} is ${done}.`);
    return ExitCode.OK;
  },
});

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new UserError(`${file} cannot be read.`);
  }
}
