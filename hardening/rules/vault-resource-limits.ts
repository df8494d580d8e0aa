import { podsOf } from "../readers/pods";
import type { Rule } from "../rule";
import { forVaultReleases } from "../subjects";

/** Reports containers of Vault without limits of CPU and memory. */
export const vaultResourceLimits: Rule = {
  id: "vault-resource-limits",
  level: "error",
  title: "Containers of Vault have limits of CPU and memory",
  item: "resource-limits",
  fix: "Set server.resources.limits and injector.resources.limits, as VaultHaCluster does.",
  source: "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
  check: forVaultReleases(({ element }) =>
    podsOf(element)
      .flatMap(({ containers }) => containers)
      .flatMap(({ name, limits }) =>
        ["cpu", "memory"]
          .filter((resource) => limits[resource] === undefined)
          .map((resource) => `container ${name} has no limit of ${resource}`),
      ),
  ),
};
