import { ExitCode, defineCommand } from "../command";
import { synthesize } from "../stacks";
import { print } from "../terminal";

export const command = defineCommand({
  summary: "what a deploy would change, over many stacks",
  usage: `[stack-pattern ...] [--env NAME] [--base REVISION] [--identity plan] [--no-traces]

Synthesizes once and plans each matching stack, in the order in which a deploy goes through them. Takes no state
lock and changes nothing. Stacks with local state are planned against the local platform, which has to be up.

  stack-pattern    name of a stack, * for any text in it    (default: every stack)
  --env NAME       only stacks of this environment; no others are synthesized
  --base REVISION  only stacks whose synthesized output has changed since the working tree left the revision, such as
                   origin/main; deployed: since the commit that GitHub says stands in the environment
  --identity ROLE  in a job of a GitHub workflow: act as this role of the environment: plan, deploy, deploy-TEAM
  --no-traces      faster: errors of cdktf then do not say where a token was made

Exit codes: 0 no changes, 1 a plan failed, 2 changes.`,
  options: {
    env: { type: "string" },
    base: { type: "string" },
    identity: { type: "string" },
    "no-traces": { type: "boolean" },
  },
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
