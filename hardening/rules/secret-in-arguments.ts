import { argumentsHoldSecret } from "../../constructs/core/secret-texts";
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
    argumentsHoldSecret(command) ? ["its command or arguments spell out a secret (not shown)"] : [],
  ),
};
