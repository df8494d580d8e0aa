import type { Rule } from "../rule";
import { forContainers } from "../subjects";

/** Reports environment variables of containers that read Kubernetes Secrets. */
export const secretVariableFromKubernetes: Rule = {
  id: "secret-variable-from-kubernetes",
  level: "warning",
  title: "Containers read secrets from files and not from variables",
  item: "secrets-in-environment",
  fix: "Mount the Secret as a file, or let the agent of Vault render one: variables reach child processes and dumps.",
  source: "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
  check: forContainers(({ variables, variablesFromSecrets }) => [
    ...variables
      // The rule static-vault-token covers tokens of Vault and stops synthesis.
      .filter(({ name, secret }) => secret !== undefined && name !== "VAULT_TOKEN")
      .map(({ name, secret }) => `the variable ${name} comes from the Secret ${secret}`),
    ...variablesFromSecrets.map((secret) => `all keys of the Secret ${secret} become variables`),
  ]),
};
