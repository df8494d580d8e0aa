import { blockAt } from "../readers/helm";
import { isOff, isOn } from "../readers/values";
import type { Rule } from "../rule";
import { forVaultReleases } from "../subjects";

/** Reports servers without volumes for data and audit log. */
export const vaultStorage: Rule = {
  id: "vault-storage",
  level: "error",
  title: "Vault's servers have volumes for data and audit log",
  item: "server",
  fix: "Leave server.dataStorage and server.auditStorage on, as VaultHaCluster has them.",
  source: "https://developer.hashicorp.com/vault/docs/deploy/kubernetes/helm/configuration",
  check: forVaultReleases(({ values, isPartlyUnknown }) => {
    if (isPartlyUnknown || isOff(blockAt(values, "server"), "enabled")) return [];
    return [
      // The chart's own default is on.
      ...(isOff(blockAt(values, "server.dataStorage"), "enabled") ? ["server.dataStorage is off"] : []),
      // The chart's own default is off.
      ...(isOn(blockAt(values, "server.auditStorage"), "enabled") ? [] : ["server.auditStorage is off"]),
    ];
  }),
};
