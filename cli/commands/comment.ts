import { readFileSync } from "node:fs";
import { received } from "../../constructs/core/received";
import { UserError } from "../../constructs/core/user-error";
import { CALL, ExitCode, defineCommand } from "../command";
import { print } from "../terminal";

/** Maximum length of a comment on GitHub, in characters. */
const MOST = 65_536;

/** Command `comment`. */
export const command = defineCommand({
  summary: "Puts a report on a pull request, as a comment that updates itself",
  about: `Writes the text of the file as a comment, or replaces the comment that starts with the same line. This line must be an HTML comment, as access diff --format markdown writes it.

Reads GITHUB_REPOSITORY and GITHUB_TOKEN.`,
  arguments: [{ name: "FILE", help: "The report." }],
  options: {
    "pull-request": { type: "string", value: "NUMBER", required: true, help: "The pull request." },
  },
  examples: [`${CALL} comment access.md --pull-request 7`],
  exitCodes: { "0": "written", "1": "failed or called wrongly" },
  async run({ values, positionals: [file] }) {
    const number = values["pull-request"];
    if (!/^[1-9]\d*$/.test(number))
      throw new UserError(`--pull-request must be a number, got ${received(number)}.`);
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
