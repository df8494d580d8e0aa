import type { Rule } from "../rule";
import { forContainers } from "../subjects";

/** Reports containers without limits of CPU and memory. */
export const podResourceLimits: Rule = {
  id: "pod-resource-limits",
  level: "warning",
  title: "Containers have limits of CPU and memory",
  item: "resource-limits",
  fix: "Set resources.limits of each container.",
  source: "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
  check: forContainers(({ limits }, { element }) =>
    // The rule vault-resource-limits covers Vault's pods and stops synthesis.
    element.type === "helm_release"
      ? []
      : ["cpu", "memory"]
          .filter((resource) => limits[resource] === undefined)
          .map((it) => `no limit of ${it}`),
  ),
};
