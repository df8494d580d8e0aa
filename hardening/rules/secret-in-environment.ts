import { hasSecretForm, isSecretName } from "../../constructs/core/secret-forms";
import { mayBeSecret } from "../readers/secrets";
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
      .filter(({ name, value = "" }) => mayBeSecret(value) && (isSecretName(name) || hasSecretForm(value)))
      .map(({ name }) => `the variable ${name} holds a secret (not shown)`),
  ),
};
