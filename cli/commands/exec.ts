import { received } from "../../constructs/core/received";
import type { Environment } from "../../platform/schema";
import { servicesOf } from "../../platform/service";
import { UserError } from "../../constructs/core/user-error";
import { runAttached } from "../processes";
import { CALL, ExitCode, defineCommand } from "../command";
import { CA, ENV, PORT_FORWARD } from "../options";
import { projectEnvironments } from "../project";
import { reachProps } from "../vault-environment";
import { type RoleServiceAccount, VaultSession } from "../vault-session";

/** Command `exec`. */
export const command = defineCommand({
  summary: "Runs a command with a short-lived login to Vault",
  about: `Logs in as Terraform does, with a token of ten minutes that kubectl requests for Terraform's ServiceAccount. Only the command gets the login, by VAULT_ADDR, VAULT_CACERT and VAULT_TOKEN. The login is revoked when the command ends.

Interruptions are forwarded to the command; the login is revoked after it has ended.`,
  program: "required",
  options: {
    env: ENV,
    "service-account": {
      type: "string",
      value: "NAMESPACE/NAME",
      help: "Log in as this ServiceAccount, for example a service's.",
      otherwise: "Terraform's",
    },
    "port-forward": PORT_FORWARD,
    ca: CA,
  },
  examples: [
    `${CALL} exec --env dev -- vault status`,
    `${CALL} exec --env dev --port-forward -- vault policy list`,
    `${CALL} exec --env dev --service-account vault/secret-writer -- vault kv put -mount=secret app/config @config.json`,
  ],
  exitCodes: {
    "0": "the command's own, as are all others",
    "1": "the login failed, or exec was called wrongly",
    "129, 130, 143": "interrupted",
  },
  async run({ values, program: [program, ...args], signal }) {
    const environment = findEnvironment(values.env);
    const account = values["service-account"];
    const serviceAccount = account === undefined ? undefined : serviceAccountOf(account, environment);
    const session = await VaultSession.open({ ...(await reachProps(environment, values)), serviceAccount });
    try {
      if (signal.aborted) return ExitCode.FAILED;
      return await runAttached(program, args, { env: { ...process.env, ...session.environment } });
    } finally {
      await session.close();
    }
  },
});

/** Environment with the name. @throws UserError with the names of all environments if there is none */
export function findEnvironment(name: string): Environment {
  const environments = projectEnvironments();
  const environment = environments.find((it) => it.name === name);
  if (environment) return environment;
  const allowed = environments.map((it) => it.name).join(", ");
  throw new UserError(`--env must be one of ${allowed}; got ${received(name)}.`);
}

/** ServiceAccount from NAMESPACE/NAME. @throws UserError for any other form */
export function serviceAccountOf(text: string, environment: Environment): RoleServiceAccount {
  const [, namespace, name] = /^([a-z0-9-]+)\/([a-z0-9.-]+)$/.exec(text) ?? [];
  if (namespace && name) {
    const service = servicesOf(environment).find((it) => it.namespace === namespace && it.name === name);
    return {
      namespace,
      name,
      // Services log in to the namespace of their team, and all other ServiceAccounts to the root namespace.
      enterpriseNamespace: service?.vaultNamespace,
    };
  }
  throw new UserError(
    `--service-account must be NAMESPACE/NAME, such as vault/secret-writer, got ${received(text)}.`,
  );
}
