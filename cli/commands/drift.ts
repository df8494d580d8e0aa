import { received } from "../../constructs/core/received";
import { UserError } from "../../constructs/core/user-error";
import { ExitCode, defineCommand } from "../command";
import { print, warn } from "../terminal";

export const command = defineCommand({
  summary: "what differs from what was deployed",
  usage: `--env NAME [--at REVISION] [--identity plan] [--no-traces]

Plans every stack of an environment as it was deployed, without a state lock: what a plan would change then is what
somebody has changed since, by hand or by another program.

  --env NAME       the environment; no others are synthesized
  --at REVISION    what was deployed, such as main; deployed: the commit that GitHub says stands in the environment
                   (default: the program as it stands)
  --identity ROLE  in a job of a GitHub workflow: act as this role of the environment, plan or deploy
  --no-traces      faster: errors of cdktf then do not say where a token was made

What stands in Vault and was never in the code, access --live finds.

Exit codes: 0 nothing differs, 1 a plan failed, 2 something differs.`,
  options: {
    env: { type: "string" },
    at: { type: "string" },
    identity: { type: "string" },
    "no-traces": { type: "boolean" },
  },
  async run({ values: { env, at, identity: role, "no-traces": noTraces }, positionals, signal }) {
    if (positionals.length > 0)
      throw new UserError(`drift takes no arguments, got ${received(positionals.length)}.`);
    const { WorkflowIdentity, pipelineEnvironment } = await import("../workflow-identity.js");
    const { name } = pipelineEnvironment(env, "drift needs --env: it looks at one environment.");
    const { resolveRevision } = await import("../changed.js");
    const revision = at === undefined ? undefined : await resolveRevision(at, name);
    if (at !== undefined && revision === undefined) {
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
