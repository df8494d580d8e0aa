import { spellsOutSecret } from "../readers/secrets";
import type { Rule } from "../rule";
import { forContainers } from "../subjects";

/** Reports secrets in commands and arguments of containers. */
export const secretInArguments: Rule = {
  id: "secret-in-arguments",
  level: "error",
  title: "No command or argument of a container spells out a secret",
  item: "secrets-in-images",
  fix: "Read the secret from a file that the agent of Vault renders.",
  source: "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",
  check: forContainers(({ command }) =>
    command.some(spellsOutSecret) ? ["its command or arguments spell out a secret (not shown)"] : [],
  ),
};
