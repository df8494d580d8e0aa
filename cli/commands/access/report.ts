import { CALL, ExitCode, defineCommand } from "../../command";
import { print } from "../../terminal";
import { compare, SIDES, writePage } from "./compare";

/** Subcommand `access report`. */
export const report = defineCommand({
  summary: "Writes a page with all identities, their permissions and their changes",
  about: `The page is one file and loads nothing from a network. Compares the working tree with the commit at which it left a revision.`,
  options: {
    html: { type: "string", value: "FILE", required: true, help: "File of the page." },
    ...SIDES,
  },
  examples: [
    `${CALL} access report --html access.html`,
    `${CALL} access report --html access.html --env production`,
  ],
  exitCodes: { "0": "written", "1": "failed or called wrongly" },
  async run({ values }) {
    await writePage(values.html, await compare(values));
    print(`${values.html} is written.`);
    return ExitCode.OK;
  },
});
