import { received } from "../../constructs/core/received";
import { UserError } from "../../constructs/core/user-error";
import { ExitCode, defineCommand } from "../command";

export const command = defineCommand({
  summary: "writes what Terraform reads, of all environments or of one",
  usage: `[--env NAME] [--no-traces]

Runs the CDK app of this folder, by app of cdktf.json, as cdktf synth does. Asks neither Vault nor a cloud.

  --env NAME   only the stacks of this environment; definitions of the others are checked nevertheless
               (default: all environments, and the stacks of their accounts)
  --no-traces  faster: errors of cdktf then do not say where a token was made

Exit codes: 0 written, 1 failed or called wrongly.`,
  options: { env: { type: "string" }, "no-traces": { type: "boolean" } },
  async run({ values, positionals }) {
    if (positionals.length > 0)
      throw new UserError(`synth takes no arguments, got ${received(positionals.length)}.`);
    const { selectStacks, synthesize } = await import("../stacks.js");
    const { env, "no-traces": noTraces } = values;
    selectStacks(await synthesize({ env, noTraces, attached: true }), [], env);
    return ExitCode.OK;
  },
});
