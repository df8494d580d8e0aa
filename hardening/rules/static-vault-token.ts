import { blocks } from "../readers/blocks";
import { customResourcesOf } from "../readers/custom-resources";
import { sealOf, serversOf } from "../readers/servers";
import type { Rule } from "../rule";
import { all, forContainers, forElements } from "../subjects";

const STORES = [
  "SecretStore",
  "ClusterSecretStore",
  "VaultDynamicSecret",
  "VaultAuth",
  "Issuer",
  "ClusterIssuer",
];

/** Login methods that use a stored secret. */
const STORED = /^(tokenSecretRef|appRole|userPass|ldap)$/;

/** Reports workloads that log in to Vault with a stored token. */
export const staticVaultToken: Rule = {
  id: "static-vault-token",
  level: "error",
  title: "Workloads log in to Vault by their ServiceAccount and not by a stored token",
  item: "static-credentials",
  fix: "Log in with a projected ServiceAccount token by a K8sAuthBinding.",
  source: "https://developer.hashicorp.com/vault/docs/auth/kubernetes",
  check: all(
    forContainers(({ name, variables }, { element }) =>
      variables
        .filter((variable) => variable.name === "VAULT_TOKEN")
        // A transit seal can only log in with a token, which Vault renews itself.
        .filter(
          () => !(name === "vault" && serversOf(element).some((server) => sealOf(server) === "transit")),
        )
        .map(
          ({ secret }) =>
            `VAULT_TOKEN comes from ${secret === undefined ? "the manifest" : `the Secret ${secret}`}`,
        ),
    ),
    forElements(
      (element) => stores(element).length > 0,
      (element) =>
        stores(element).flatMap(({ kind, name, spec }) =>
          loginsBySecret(spec).map((login) => `${kind} ${name} logs in by ${login}`),
        ),
    ),
  ),
};

function stores(element: Parameters<typeof customResourcesOf>[0]) {
  return customResourcesOf(element).filter(({ kind }) => STORES.includes(kind));
}

/** Names below `vault.auth` of logins with a stored secret, at any depth of the specification. */
function loginsBySecret(value: unknown): string[] {
  return blocks(value).flatMap((object) =>
    Object.entries(object).flatMap(([key, inner]) => (STORED.test(key) ? [key] : loginsBySecret(inner))),
  );
}
