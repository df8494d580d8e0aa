import { join } from "node:path";
import { projectPaths } from "../project-paths";
import { UserError } from "../../constructs/core/user-error";
import { runAttached } from "../processes";
import { CALL, ExitCode, defineCommand } from "../command";
import { CA, CHANGED_SINCE, ENV, IDENTITY, NO_TRACES, PORT_FORWARD, STACKS } from "../options";
import type { SynthesizedStack } from "../stacks";
import { print } from "../terminal";

/** Command `deploy`. */
export const command = defineCommand({
  summary: "Deploys the stacks of an environment, in order",
  about: `Synthesizes once and runs cdktf deploy for one stack after the other, each after those that it depends on. Stops at the first stack that fails, because later layers build on it. cdktf shows each plan and asks before it changes anything.

A stack that configures Vault gets the CA that signs Vault's certificate, by VAULT_CACERT; with --port-forward also TF_VAR_vault_address.`,
  arguments: [STACKS],
  options: {
    env: ENV,
    base: {
      ...CHANGED_SINCE,
      help:
        "Only stacks whose synthesized output differs from that of the revision, such as HEAD~1. deployed stands for " +
        "the commit that GitHub says is deployed to the environment; without one, every stack is deployed, and a commit " +
        "that is newer than yours is rejected.",
    },
    identity: IDENTITY,
    "port-forward": PORT_FORWARD,
    ca: CA,
    "auto-approve": {
      type: "boolean",
      help: "Do not ask: for pipelines, where the job is approved.",
      otherwise: "cdktf asks",
    },
    "skip-provider-lock": {
      type: "boolean",
      help: "Passed to cdktf: for providers that come from a mirror only.",
    },
    "no-traces": NO_TRACES,
  },
  examples: [
    `${CALL} deploy dev-cluster --env dev`,
    `${CALL} deploy --env staging --base HEAD~1`,
    `${CALL} deploy --env production --base deployed --identity deploy --auto-approve`,
  ],
  exitCodes: { "0": "deployed, or nothing to deploy", "1": "a stack failed, or deploy was called wrongly" },
  async run({ values, positionals, signal }) {
    const { env, base, identity: role, "no-traces": noTraces } = values;
    const { findEnvironment } = await import("./exec.js");
    const environment = findEnvironment(env);
    if (environment.kubernetes.vault === "external") {
      throw new UserError(`--env must be another environment than ${env}, which npm run local deploys.`);
    }
    const { WorkflowIdentity } = await import("../workflow-identity.js");
    const { configuresVault, synthesize } = await import("../stacks.js");
    const { withWayToVault } = await import("../vault-environment.js");
    const { requireNotBehind, selectChanged } = await import("../changed.js");
    await requireNotBehind({ env, base });
    const identity = role === undefined ? undefined : WorkflowIdentity.of({ identity: role, env });
    try {
      const stacks = await selectChanged(await synthesize({ env, noTraces }), {
        patterns: positionals,
        env,
        noTraces,
        base,
        exact: true,
      });
      if (stacks.length === 0) print("No stack's output has changed; nothing is deployed.");
      const flags = ["auto-approve", "skip-provider-lock"] as const;
      const args = flags.filter((flag) => values[flag]).map((flag) => `--${flag}`);
      for (const [index, stack] of stacks.entries()) {
        if (signal.aborted) return ExitCode.FAILED;
        print(`\n== ${stack.name}`);
        const own = identity ? await identity.environment() : process.env;
        const work = async (variables: NodeJS.ProcessEnv) =>
          signal.aborted ? ExitCode.FAILED : deploy(stack, args, variables);
        const code = await (configuresVault(stack)
          ? withWayToVault(environment, values, own, work)
          : work(own));
        if (code === 0) continue;
        const rest = stacks.slice(index + 1).map(({ name }) => name);
        throw new UserError(`${stack.name} failed; not begun: ${rest.join(", ") || "none"}.`);
      }
      return ExitCode.OK;
    } finally {
      identity?.close();
    }
  },
});

/** Deploys one stack. The user answers the prompts of cdktf. */
function deploy(
  { name }: SynthesizedStack,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const cdktf = join(projectPaths.root, "node_modules", ".bin", "cdktf");
  const ownOrder = ["--skip-synth", "--ignore-missing-stack-dependencies"];
  return runAttached(cdktf, ["deploy", name, ...ownOrder, ...args], { cwd: projectPaths.root, env });
}
