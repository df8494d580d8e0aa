import { received } from "../../../constructs/core/received";
import { UserError } from "../../../constructs/core/user-error";
import { VAULT_CAPABILITIES } from "../../../constructs/policy/vault-policy";
import { CALL, ExitCode, defineCommand } from "../../command";
import { FORMAT, NO_TRACES, ONLY_ENV } from "../../options";
import { print, warn } from "../../terminal";
import { DIR, readEnvironments } from "./synthesized";

/** Subcommand `access who-can`. */
export const whoCan = defineCommand({
  summary: "Lists the identities that have access to a path",
  about: `Vault Enterprise: the path starts with its namespace, unless that is the root namespace.`,
  arguments: [{ name: "PATH", help: "Path of Vault's API, without wildcards." }],
  options: {
    capability: {
      type: "string",
      choices: VAULT_CAPABILITIES.filter((it) => it !== "deny"),
      help: "Only identities with this capability on the path.",
      otherwise: "any capability",
    },
    env: ONLY_ENV,
    format: FORMAT,
    dir: DIR,
    "no-traces": NO_TRACES,
  },
  examples: [
    `${CALL} access who-can secret/data/payment-service/config`,
    `${CALL} access who-can sys/policies/acl/admin --capability update --env production`,
  ],
  exitCodes: { "0": "printed", "1": "failed or called wrongly" },
  async run({ values, positionals: [path] }) {
    const { kvPathOf, whoCan: answer } = await import("../../../access/who-can.js");
    const { accessMap } = await import("../../../access/access-map.js");
    const { renderAnswers } = await import("../../../access/render-answers.js");
    if (/[*+]/.test(path)) {
      throw new UserError(
        `PATH must be without wildcards, such as secret/data/app/config, got ${received(path)}.`,
      );
    }
    const all = await readEnvironments(values);
    print(renderAnswers(answer(all.map(accessMap), values.capability, path), values.format));
    const meant = kvPathOf(all, path);
    if (meant) warn(`note: the API of this KV store has the secret at ${meant}`);
    return ExitCode.OK;
  },
});
