import { received } from "../../constructs/core/received";
import type { Environment } from "../../platform/schema";
import { servicesOf } from "../../platform/service";
import { UserError } from "../../constructs/core/user-error";
import { runAttached } from "../processes";
import { ExitCode, defineCommand } from "../command";
import { projectEnvironments } from "../project";
import { reachProps } from "../vault-environment";
import { type RoleServiceAccount, VaultSession } from "../vault-session";

export const command = defineCommand({
  summary: "runs one command with a short-lived login to Vault",
  usage: `<environment> [--as NAMESPACE/NAME] [--port-forward] [--ca FILE] -- <command> [argument ...]

Logs in as Terraform does: with a token of ten minutes that kubectl requests for Terraform's ServiceAccount. The login
is in the environment of that command alone (VAULT_ADDR, VAULT_CACERT, VAULT_TOKEN), and is revoked when it ends.

  --as NAMESPACE/NAME  another ServiceAccount, such as a service's    (default: the one that Terraform acts as)
  --port-forward       reach Vault through the cluster's API server   (default: at the environment's endpoint)
  --ca FILE            certificates that sign Vault's  (default: VAULT_CACERT, the environment's, or its cluster's)

An interruption is passed on to the command; when that has ended, the login is revoked as always.

Exit code: that of the command; 1 when there was no login; 129, 130 and 143 interrupted.`,
  options: { as: { type: "string" }, "port-forward": { type: "boolean" }, ca: { type: "string" } },
  async run({ values, positionals, signal }) {
    const [name, program, ...args] = positionals;
    const environment = findEnvironment(name);
    if (program === undefined) {
      throw new UserError(
        `Got no command to run; write it after --, such as: connect ${name} -- vault status`,
      );
    }
    const serviceAccount = values.as === undefined ? undefined : serviceAccountOf(values.as, environment);
    const session = await VaultSession.open({ ...(await reachProps(environment, values)), serviceAccount });
    try {
      if (signal.aborted) return ExitCode.FAILED;
      return await runAttached(program, args, { env: { ...process.env, ...session.environment } });
    } finally {
      await session.close();
    }
  },
});

export function findEnvironment(name: string | undefined): Environment {
  const environments = projectEnvironments();
  const environment = environments.find((it) => it.name === name);
  if (environment) return environment;
  const allowed = environments.map((it) => it.name).join(", ");
  throw new UserError(`The environment must be one of ${allowed}; got ${received(name)}.`);
}

/** @throws UserError for another form than NAMESPACE/NAME */
export function serviceAccountOf(text: string, environment: Environment): RoleServiceAccount {
  const [, namespace, name] = /^([a-z0-9-]+)\/([a-z0-9.-]+)$/.exec(text) ?? [];
  if (namespace && name) {
    const service = servicesOf(environment).find((it) => it.namespace === namespace && it.name === name);
    return {
      namespace,
      name,
      // Services log in where their team is, and everybody else in the root namespace.
      enterpriseNamespace: service?.vaultNamespace,
    };
  }
  throw new UserError(
    `--as must be NAMESPACE/NAME of a ServiceAccount, such as vault/secret-keeper; got ${received(text)}.`,
  );
}
