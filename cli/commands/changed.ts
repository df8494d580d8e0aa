import { CALL, ExitCode, defineCommand } from "../command";
import { CHANGED_SINCE, ONLY_ENV, STACKS } from "../options";
import { print } from "../terminal";

/** Command `changed`. */
export const command = defineCommand({
  summary: "Lists the stacks whose output a change alters, in the order of a deploy",
  about: `Synthesizes the CDK app as it is and as it was, and compares what Terraform reads. Asks neither Vault nor a cloud. If the packages differ, every stack counts as changed.

Prints one name per line. Stacks that the app no longer has are listed on stderr: their resources remain until you destroy them.`,
  arguments: [STACKS],
  options: { base: { ...CHANGED_SINCE, required: true, otherwise: undefined }, env: ONLY_ENV },
  examples: [
    `${CALL} changed --base origin/main`,
    `${CALL} changed --base deployed --env dev`,
    `${CALL} changed --base origin/main '*-config'`,
  ],
  exitCodes: { "0": "no stack has changed", "1": "failed or called wrongly", "2": "stacks have changed" },
  async run({ values: { base, env }, positionals }) {
    const { synthesize } = await import("../stacks.js");
    const { selectChanged } = await import("../changed.js");
    const stacks = await selectChanged(await synthesize({ env }), { patterns: positionals, env, base });
    for (const { name } of stacks) print(name);
    return stacks.length > 0 ? ExitCode.FOUND : ExitCode.OK;
  },
});
