import { received } from "../../constructs/core/received";
import { UserError } from "../../constructs/core/user-error";
import { runAttached } from "../processes";
import { ExitCode, QUIET_CALL, defineCommand } from "../command";
import { readPlatformFile } from "../platform-file";
import { renderShell, SHELLS } from "../shell";
import { print } from "../terminal";

export const command = defineCommand({
  summary: "gives plain cdktf all that it needs for an environment",
  usage: `--env NAME [--shell SHELL] [--ca FILE]
       --env NAME [--ca FILE] [--port-forward] -- <command> [argument ...]

Prints the variables that cdktf, Terraform and the vault program need for an environment, for the shell that you work in:

  eval "$(${QUIET_CALL} env --env dev)"
  npx cdktf diff dev-config
  npx cdktf deploy 'dev-*'

It prints no secret. Credentials for AWS and the cluster stay where their programs find them; for local and for a node
of this machine, the variables lead to the emulator, and those that would lead elsewhere are unset.

With a command, runs that command in these variables. The command also gets the first passwords of the databases of
this machine, which are not printed, and the certificate of a cluster that it deploys itself.

  --env NAME      the environment
  --shell SHELL   sh (also bash and zsh) or fish; for fish: env --env dev --shell fish | source    (default: sh)
  --ca FILE       certificates that sign Vault's       (default: VAULT_CACERT, the environment's, or its cluster's)
  --port-forward  reach Vault through the cluster's API server, from when the command connects to it

Exit codes: 0 printed, or that of the command, 1 failed. The line that is printed after a failure fails in the shell, too.`,
  options: {
    env: { type: "string" },
    shell: { type: "string" },
    ca: { type: "string" },
    "port-forward": { type: "boolean" },
  },
  async run({ values, positionals: [program, ...args], signal }) {
    const { env: name, shell = "sh", ca, "port-forward": portForward = false } = values;
    try {
      if (name === undefined)
        throw new UserError("env needs --env: the variables are those of one environment.");
      if (!SHELLS.includes(shell)) {
        throw new UserError(`--shell must be ${SHELLS.join(" or ")}, got ${received(shell)}.`);
      }
      if (portForward && program === undefined) {
        throw new UserError(
          "--port-forward needs a command after --, because the port-forward ends with it.",
        );
      }
      // The definition of a cluster of your own is read from the file that this names.
      const settings = readPlatformFile(name)?.variables.CLUSTER_SETTINGS;
      if (settings !== undefined) process.env.CLUSTER_SETTINGS ??= settings;
      const { findEnvironment } = await import("./connect.js");
      const { cdktfEnvironment, firstDeployValues, whileVaultIsReached } =
        await import("../cdktf-environment.js");
      const environment = findEnvironment(name);
      const { set, unset } = await cdktfEnvironment(environment, { ca, env: process.env });
      if (program === undefined) {
        print(renderShell(shell, set, unset));
        return ExitCode.OK;
      }
      const kept = Object.entries(process.env).filter(([variable]) => !unset.includes(variable));
      const env = { ...firstDeployValues(environment), ...Object.fromEntries(kept), ...set };
      return await whileVaultIsReached(environment, { set, portForward, env }, async (more) =>
        signal.aborted ? ExitCode.FAILED : runAttached(program, args, { env: { ...env, ...more } }),
      );
    } catch (error) {
      // A shell takes an empty text for success, and the next command would work elsewhere.
      if (program === undefined) print("false");
      throw error;
    }
  },
});
