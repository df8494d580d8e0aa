import { isTrue } from "../readers/blocks";
import { valueAt } from "../readers/helm";
import type { Rule } from "../rule";
import { forVaultReleases } from "../subjects";

/** Reports servers in development mode. */
export const vaultDevMode: Rule = {
  id: "vault-dev-mode",
  level: "error",
  title: "Vault does not run in development mode",
  item: "server",
  fix: "Take out server.dev.enabled: that server keeps nothing, and its root token is known.",
  source: "https://developer.hashicorp.com/vault/docs/concepts/dev-server",
  check: forVaultReleases(({ values }) =>
    isTrue(valueAt(values, "server.dev.enabled")) ? ["server.dev.enabled is on"] : [],
  ),
};
