import { CALL, ExitCode, defineCommand } from "../command";
import { NO_TRACES, ONLY_ENV } from "../options";

/** Command `synth`. */
export const command = defineCommand({
  summary: "Writes what Terraform reads, of all environments or of one",
  about: `Runs the CDK app of this folder, by app of cdktf.json, as cdktf synth does. Asks neither Vault nor a cloud.`,
  options: {
    env: {
      ...ONLY_ENV,
      help: "Only the stacks of this environment. The definitions of the others are still validated.",
      otherwise: "all environments, and the stacks of their accounts",
    },
    "no-traces": NO_TRACES,
  },
  examples: [`${CALL} synth`, `${CALL} synth --env dev`],
  exitCodes: { "0": "written", "1": "failed or called wrongly" },
  async run({ values }) {
    const { selectStacks, synthesize } = await import("../stacks.js");
    const { env, "no-traces": noTraces } = values;
    selectStacks(await synthesize({ env, noTraces, attached: true }), [], env);
    return ExitCode.OK;
  },
});
