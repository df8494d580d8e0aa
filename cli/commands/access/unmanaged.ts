import { CALL, ExitCode, defineCommand } from "../../command";
import { ENV, FORMAT, NO_TRACES } from "../../options";
import { print } from "../../terminal";
import { DIR, readEnvironments } from "./synthesized";

/** Subcommand `access unmanaged`. */
export const unmanaged = defineCommand({
  summary: "Finds objects in a running Vault that are not in the code",
  about: `Logs in by VAULT_ADDR, VAULT_TOKEN, VAULT_CACERT, VAULT_TLS_SERVER_NAME and VAULT_NAMESPACE, which exec sets, and only reads.`,
  options: { env: ENV, format: FORMAT, dir: DIR, "no-traces": NO_TRACES },
  examples: [`${CALL} exec --env production -- ${CALL} access unmanaged --env production`],
  exitCodes: {
    "0": "nothing found",
    "1": "failed or called wrongly, or nothing found where the login may not read everything",
    "2": "found objects, or contents, that are only in Vault",
  },
  async run({ values }) {
    const { findUnmanaged: findStrays } = await import("../../../access/unmanaged.js");
    const { renderUnmanaged: renderLive } = await import("../../../access/render-unmanaged.js");
    const { VaultClient } = await import("../../../access/vault-client.js");
    const vault = VaultClient.fromEnvironment(process.env);
    try {
      const [environment] = await readEnvironments(values);
      const report = await findStrays(environment, vault, process.env.VAULT_NAMESPACE);
      print(renderLive(report, values.format));
      if (report.strays.length > 0) return ExitCode.FOUND;
      // Nothing was found, but some paths could not be read.
      return report.denied.length > 0 ? ExitCode.FAILED : ExitCode.OK;
    } finally {
      vault.close();
    }
  },
});
