import { unescaped } from "../../constructs/core/literal";
import { holdsSecret } from "../../constructs/core/secret-texts";
import type { Rule } from "../rule";
import { forContainers } from "../subjects";

/** Reports environment variables of containers with a secret value. */
export const secretInEnvironment: Rule = {
  id: "secret-in-environment",
  level: "error",
  title: "No variable of a container holds the value of a secret",
  item: "secrets-in-environment",
  fix: "Let the agent of Vault render the secret into a file; kubectl describe shows variables to everybody.",
  source: "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
  check: forContainers(({ variables }) =>
    variables
      .filter(({ name, value = "" }) => holdsSecret(name, unescaped(value)))
      .map(({ name }) => `the variable ${name} holds a secret (not shown)`),
  ),
};
