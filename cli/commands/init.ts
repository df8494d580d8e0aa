import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { UserError } from "../../constructs/core/user-error";
import { CALL, ExitCode, defineCommand } from "../command";
import { print } from "../terminal";

/** Command `init`. */
export const command = defineCommand({
  summary: "Creates a repository for a platform of your own",
  about: `Writes a project with three environments, one service and the GitHub workflows that plan and deploy it. Its accounts, hosts and principals are examples.`,
  arguments: [{ name: "FOLDER", help: "A new or empty folder; its name becomes the name of the project." }],
  options: {},
  examples: [`${CALL} init vault`],
  exitCodes: { "0": "written", "1": "failed or called wrongly" },
  async run({ positionals: [name] }) {
    const folder = resolve(name);
    if (existsSync(folder) && readdirSync(folder).length > 0) {
      throw new UserError(`The folder must be new or empty; ${folder} has files.`);
    }
    const { writeProject } = await import("../scaffold.js");
    const files = writeProject(folder);
    print(
      [...files, "", `Next: cd ${name} && npm install && npm run synth; README.md says more.`].join("\n"),
    );
    return ExitCode.OK;
  },
});
