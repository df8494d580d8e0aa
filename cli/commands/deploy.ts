import { join } from "node:path";
import { projectPaths } from "../project-paths";
import { UserError } from "../../constructs/core/user-error";
import { runAttached } from "../processes";
import { ExitCode, defineCommand } from "../command";
import type { SynthesizedStack } from "../stacks";
import { print } from "../terminal";

export const command = defineCommand({
  summary: "deploys the stacks of an environment that have changed, in order",
  usage: `[stack-pattern ...] --env NAME [--base REVISION] [--identity deploy] [--port-forward] [--ca FILE]
         [--auto-approve] [--skip-provider-lock] [--no-traces]

Synthesizes once and runs cdktf deploy for one stack after the other, each after those that it depends on. The first
one that fails ends it, because later layers build on it. cdktf shows each plan and asks before it changes anything.
A stack that configures Vault is given the CA that signs Vault's certificate, which the cluster layer may have made just
before: VAULT_CACERT, and TF_VAR_vault_address with --port-forward.

  stack-pattern         name of a stack, * for any text in it    (default: every stack)
  --env NAME            the environment; no others are synthesized
  --base REVISION       only stacks whose synthesized output differs from that of the revision, such as HEAD~1;
                        deployed: of the commit that GitHub says stands in the environment, or every stack when there
                        is none yet; refused where that commit is a newer one
  --identity ROLE       in a job of a GitHub workflow: act as this role of the environment: plan, deploy, deploy-TEAM
  --port-forward        reach Vault through the cluster's API server    (default: at the environment's endpoint)
  --ca FILE             certificates that sign Vault's       (default: VAULT_CACERT, the environment's, or its cluster's)
  --auto-approve        do not ask: for pipelines, where somebody has approved the job
  --skip-provider-lock  passed to cdktf: for providers from a mirror alone
  --no-traces           faster: errors of cdktf then do not say where a token was made

Exit codes: 0 deployed, or nothing to deploy, 1 a stack failed.`,
  options: {
    env: { type: "string" },
    base: { type: "string" },
    identity: { type: "string" },
    "port-forward": { type: "boolean" },
    ca: { type: "string" },
    "auto-approve": { type: "boolean" },
    "skip-provider-lock": { type: "boolean" },
    "no-traces": { type: "boolean" },
  },
  async run({ values, positionals, signal }) {
    const { env, base, identity: role, "no-traces": noTraces } = values;
    if (env === undefined) throw new UserError("deploy needs --env: it deploys one environment.");
    const { findEnvironment } = await import("./connect.js");
    const environment = findEnvironment(env);
    if (environment.kubernetes.vault === "outside") {
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

/** The person at the terminal answers cdktf. */
function deploy(
  { name }: SynthesizedStack,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const cdktf = join(projectPaths.root, "node_modules", ".bin", "cdktf");
  const ownOrder = ["--skip-synth", "--ignore-missing-stack-dependencies"];
  return runAttached(cdktf, ["deploy", name, ...ownOrder, ...args], { cwd: projectPaths.root, env });
}
