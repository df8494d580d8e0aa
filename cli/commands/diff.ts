import { CALL, ExitCode, defineCommand } from "../command";
import { CHANGED_SINCE, IDENTITY, NO_TRACES, ONLY_ENV, STACKS } from "../options";
import { synthesize } from "../stacks";
import { print } from "../terminal";

/** Command `diff`. */
export const command = defineCommand({
  summary: "Plans stacks: what a deploy would change",
  about: `Synthesizes once and plans each matching stack, in the order of a deploy. Takes no state lock and changes nothing. Stacks with local state are planned against the local platform, which must be running.`,
  arguments: [STACKS],
  options: { env: ONLY_ENV, base: CHANGED_SINCE, identity: IDENTITY, "no-traces": NO_TRACES },
  examples: [
    `${CALL} diff --env dev`,
    `${CALL} diff '*-config' --base origin/main`,
    `${CALL} diff --env production --base deployed --identity plan`,
  ],
  exitCodes: { "0": "no changes", "1": "a plan failed, or diff was called wrongly", "2": "changes" },
  async run({ values: { env, base, identity: role, "no-traces": noTraces }, positionals, signal }) {
    const { WorkflowIdentity } = await import("../workflow-identity.js");
    const { planStacks } = await import("../planning.js");
    const identity = role === undefined ? undefined : WorkflowIdentity.of({ identity: role, env });
    try {
      const { selectChanged } = await import("../changed.js");
      const stacks = await selectChanged(await synthesize({ env, noTraces }), {
        patterns: positionals,
        env,
        noTraces,
        base,
      });
      if (stacks.length === 0) {
        print("No stack's output has changed.");
        return ExitCode.OK;
      }
      return await planStacks(stacks, { signal, identity });
    } finally {
      identity?.close();
    }
  },
});
