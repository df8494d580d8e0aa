import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { received } from "../../constructs/core/received";
import { UserError } from "../../constructs/core/user-error";
import { ExitCode, defineCommand } from "../command";
import { print } from "../terminal";

export const command = defineCommand({
  summary: "begins a repository for a platform of your own",
  usage: `<folder>

Writes a project with three environments, one service and the GitHub workflows that plan and deploy it. The accounts,
hosts and principals in it are examples. The folder must be new or empty; its name becomes the project's.`,
  options: {},
  async run({ positionals }) {
    const [name, ...others] = positionals;
    if (name === undefined || others.length > 0) {
      throw new UserError(`init takes one folder, got ${received(positionals.length)}.`);
    }
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
