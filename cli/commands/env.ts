import { UserError } from "../../constructs/core/user-error";
import { runAttached } from "../processes";
import { CALL, ExitCode, QUIET_CALL, defineCommand } from "../command";
import { CA, ENV, PORT_FORWARD } from "../options";
import { readPlatformFile } from "../platform-file";
import { renderShell, SHELLS } from "../shell";
import { print } from "../terminal";

/** Command `env`. */
export const command = defineCommand({
  summary: "Prints the variables that plain cdktf needs for an environment",
  about: `The variables are those that cdktf, Terraform and the vault program need, in the syntax of your shell. None of them is a secret. Credentials for AWS and the cluster remain where their programs find them. For local and for a cluster on this machine, the variables point to the emulator, and variables that would point elsewhere are unset.

With a command, runs the command with these variables. The command also gets the initial passwords of the databases on this machine, which are not printed, and the certificate of a cluster that it deploys.`,
  program: "optional",
  isEvaluated: true,
  options: {
    env: ENV,
    shell: {
      type: "string",
      choices: SHELLS,
      default: "sh",
      help: "Syntax of your shell; sh for bash and zsh as well.",
    },
    ca: CA,
    "port-forward": {
      ...PORT_FORWARD,
      help: "Reach Vault through the cluster's API server, from the command's first connection. Requires a command.",
    },
  },
  examples: [
    `eval "$(${QUIET_CALL} env --env dev)"`,
    `${QUIET_CALL} env --env dev --shell fish | source`,
    `${CALL} env --env dev --port-forward -- npx cdktf deploy dev-config`,
  ],
  exitCodes: {
    "0": "printed; with a command all codes are its own",
    "1": "failed or called wrongly; what is printed then fails in the shell, too",
  },
  async run({ values, program: [program, ...args], signal }) {
    const { env: name, shell, ca, "port-forward": portForward = false } = values;
    if (portForward && program === undefined) {
      throw new UserError(
        "--port-forward requires a command after --, because the port-forward ends with it.",
      );
    }
    // This variable names the file with the definition of a cluster that you provide.
    const settings = readPlatformFile(name)?.variables.CLUSTER_SETTINGS;
    if (settings !== undefined) process.env.CLUSTER_SETTINGS ??= settings;
    const { findEnvironment } = await import("./exec.js");
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
  },
});
