import { CALL, ExitCode, defineCommand } from "../command";
import { ENV, IDENTITY, NO_TRACES } from "../options";
import { print, warn } from "../terminal";

/** Command `drift`. */
export const command = defineCommand({
  summary: "Finds what differs from what was deployed",
  about: `Plans every stack of an environment as it was deployed, without a state lock. What such a plan would change was changed by hand or by another program.

Objects in Vault that were never in the code are found by access unmanaged.`,
  options: {
    env: ENV,
    revision: {
      type: "string",
      value: "REVISION",
      help: "What was deployed, such as main. deployed stands for the commit that GitHub says is deployed to the environment.",
      otherwise: "the working tree",
    },
    identity: IDENTITY,
    "no-traces": NO_TRACES,
  },
  examples: [
    `${CALL} drift --env production --revision main`,
    `${CALL} drift --env dev --revision deployed --identity plan`,
  ],
  exitCodes: {
    "0": "nothing differs",
    "1": "a plan failed, or drift was called wrongly",
    "2": "something differs",
  },
  async run({ values: { env, revision: wanted, identity: role, "no-traces": noTraces }, signal }) {
    const { WorkflowIdentity, pipelineEnvironment } = await import("../workflow-identity.js");
    const { name } = pipelineEnvironment(env);
    const { resolveRevision } = await import("../changed.js");
    const revision = wanted === undefined ? undefined : await resolveRevision(wanted, name);
    if (wanted !== undefined && revision === undefined) {
      print(`Nothing was deployed to ${name} yet.`);
      return ExitCode.OK;
    }
    const { synthesizeHere, synthesizeRevision } = await import("../program/program.js");
    const { readStacks, selectStacks } = await import("../stacks.js");
    const { planStacks } = await import("../planning.js");
    const identity = role === undefined ? undefined : WorkflowIdentity.of({ identity: role, env: name });
    const synthesis =
      revision === undefined
        ? await synthesizeHere(undefined, { env: name, noTraces })
        : await synthesizeRevision(revision, { exact: true, env: name, noTraces });
    try {
      synthesis.notes.forEach((note) => warn(`note: ${note}`));
      return await planStacks(selectStacks(readStacks(synthesis.folder), [], name), { signal, identity });
    } finally {
      identity?.close();
      await synthesis.remove();
    }
  },
});
