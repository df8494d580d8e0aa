import { received } from "../../constructs/core/received";
import { UserError } from "../../constructs/core/user-error";
import { renderColumns } from "../../access/table";
import { CALL, ExitCode, QUIET_CALL, defineCommand } from "../command";
import type { DatabaseSetup, OidcSetup, ProgramSetup, Setup } from "../program/readers/setup";
import { ENV } from "../options";
import { print } from "../terminal";

/** Command `setup`. */
export const command = defineCommand({
  summary: "Prints what you run once for an environment: SQL of its databases, the OIDC client secret",
  about: `Prints what Terraform does not do, because it takes a database administrator or a secret that no state may contain: who runs what, where and when, and each text in full. Runs the CDK app of this folder, and asks neither Vault nor a database. Nothing that is printed is a secret.`,
  arguments: [
    {
      name: "NAME",
      optional: true,
      help: "Only the text of this item, for a pipe: connection of a database, or auth/PATH. Default: everything.",
    },
  ],
  options: { env: ENV },
  examples: [
    `${CALL} setup --env production`,
    `${QUIET_CALL} setup payments-db --env production | psql --set ON_ERROR_STOP=1 --single-transaction "$URL"`,
  ],
  exitCodes: { "0": "printed, also if there is nothing to set up", "1": "failed or called wrongly" },
  async run({ values: { env }, positionals: [name] }) {
    const { askProgram } = await import("../program/ask-program.js");
    const { environments, setups } = join(await askProgram<ProgramSetup>("setup", { env }));
    if (!environments.includes(env)) {
      const allowed = environments.join(", ");
      throw new UserError(
        `--env must be an environment that has stacks, got ${received(env)}; allowed: ${allowed}.`,
      );
    }
    const own = setups.filter(({ environment }) => environment === env);
    print(name === undefined ? describe(env, own) : textOf(find(name, env, own)));
    return ExitCode.OK;
  },
});

/** Merges the setups of programs. A program may create several apps. */
function join(programs: readonly ProgramSetup[]): ProgramSetup {
  return {
    environments: [...new Set(programs.flatMap(({ environments }) => environments))],
    setups: programs.flatMap(({ setups }) => setups),
  };
}

/** Setup with the name. @throws UserError with the available names */
function find(name: string, env: string, setups: readonly Setup[]): Setup {
  const found = setups.find((it) => it.name === name);
  if (found) return found;
  const allowed = setups.map((it) => it.name).join(", ") || "none, there is nothing to set up";
  throw new UserError(`Nothing of ${env} that people set up is called ${name}; allowed: ${allowed}.`);
}

function textOf(setup: Setup): string {
  return (setup.kind === "database" ? setup.sql : setup.command).trimEnd();
}

function describe(env: string, setups: readonly Setup[]): string {
  if (setups.length === 0) return `${env}: nothing that people have to set up.`;
  const rows = setups.map((it) =>
    it.kind === "database"
      ? [it.name, "a database administrator", "SQL and a first password", `before ${it.stack} is deployed`]
      : [it.name, "whoever has the client secret", "a command", `after ${it.stack} is deployed`],
  );
  return [
    `${env}: what people set up once`,
    renderColumns([["name", "who", "what", "when"], ...rows]),
    ...setups.map((it) => (it.kind === "database" ? describeDatabase(env, it) : describeOidc(env, it))),
  ].join("\n\n");
}

function describeDatabase(env: string, setup: DatabaseSetup): string {
  const { name, server, database, adminUser, passwordVariable, stack } = setup;
  const url = `postgresql://ADMINISTRATOR@${server}/${encodeURIComponent(database)}`;
  return [
    `== ${name}: database ${database} at ${server}`,
    "",
    "As a superuser, or as a member of every role that owns tables; it can be run again:",
    "",
    `  ${QUIET_CALL} setup ${name} --env ${env} | psql --set ON_ERROR_STOP=1 --single-transaction '${url}'`,
    "",
    `Then a first password, in psql: \\password ${adminUser}. Vault replaces it right after it has logged in.`,
    ...(passwordVariable === undefined
      ? []
      : [
          `Whoever deploys ${stack} for the first time gives it, in bash:`,
          "",
          `  read -rsp 'First password of ${adminUser}: ' TF_VAR_${passwordVariable}; export TF_VAR_${passwordVariable}`,
        ]),
    "",
    textOf(setup),
  ].join("\n");
}

function describeOidc(env: string, setup: OidcSetup): string {
  return [
    `== ${setup.name}: the identity provider's client secret`,
    "",
    `In a shell that is logged in as Terraform is (${CALL} exec --env ${env} -- bash).`,
    "Again when the secret, the client id, the issuer, its CA or providerConfig changes:",
    "",
    textOf(setup),
  ].join("\n");
}
