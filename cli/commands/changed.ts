import { UserError } from "../../constructs/core/user-error";
import { ExitCode, defineCommand } from "../command";
import { print } from "../terminal";

export const command = defineCommand({
  summary: "the stacks whose output a change alters, in the order of a deploy",
  usage: `--base REVISION [stack-pattern ...] [--env NAME]

Synthesizes the program as it stands and as it was, and compares what Terraform would read. Asks neither Vault nor a
cloud. Where the packages differ, every stack counts as changed.

  --base REVISION  when the working tree left this revision, such as origin/main; deployed: the commit that GitHub says
                   stands in the environment
  stack-pattern    name of a stack, * for any text in it    (default: every stack)
  --env NAME       only stacks of this environment

Prints their names, one a line. Stacks that the program no longer has are named on the error output: what they made stays until it is destroyed.

Exit codes: 0 no stack has changed, 1 failed or called wrongly, 2 stacks have changed.`,
  options: { base: { type: "string" }, env: { type: "string" } },
  async run({ values: { base, env }, positionals }) {
    if (base === undefined) throw new UserError("changed needs --base, such as --base origin/main.");
    const { synthesize } = await import("../stacks.js");
    const { selectChanged } = await import("../changed.js");
    const stacks = await selectChanged(await synthesize({ env }), { patterns: positionals, env, base });
    for (const { name } of stacks) print(name);
    return stacks.length > 0 ? ExitCode.FOUND : ExitCode.OK;
  },
});
