import { blockAt } from "../readers/helm";
import { blockOf, isOff, isOn, textsOf } from "../readers/values";
import type { Rule } from "../rule";
import { forVaultReleases } from "../subjects";

/** Reports servers with privileges. */
export const vaultPodHardening: Rule = {
  id: "vault-pod-hardening",
  level: "error",
  title: "Vault's servers run without privileges",
  item: "server",
  fix: "Set server.statefulSet.securityContext for pod and container as VaultHaCluster does; an override replaces all of it.",
  source: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
  check: forVaultReleases(({ values, isPartlyUnknown }) => {
    if (isPartlyUnknown || isOff(blockAt(values, "server"), "enabled")) return [];
    const pod = blockAt(values, "server.statefulSet.securityContext.pod");
    const container = blockAt(values, "server.statefulSet.securityContext.container");
    // The chart's defaults apply.
    const isChartsPod = Object.keys(pod).length === 0;
    const isChartsContainer = Object.keys(container).length === 0;
    return [
      ...(isChartsPod || isOn(pod, "runAsNonRoot") ? [] : ["the servers may run as root"]),
      ...(isChartsContainer || isOff(container, "allowPrivilegeEscalation")
        ? []
        : ["the servers may gain privileges"]),
      ...(isOn(container, "privileged") ? ["the servers are privileged"] : []),
      ...(isOn(container, "readOnlyRootFilesystem") ? [] : ["the servers' root filesystem is writable"]),
      ...(textsOf(blockOf(container, "capabilities"), "drop").includes("ALL")
        ? []
        : ["the servers keep capabilities"]),
    ];
  }),
};
