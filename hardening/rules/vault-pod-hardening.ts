import { block, isTrue, texts } from "../readers/blocks";
import { blockAt, valueAt } from "../readers/helm";
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
    if (isPartlyUnknown || valueAt(values, "server.enabled") === false) return [];
    const pod = blockAt(values, "server.statefulSet.securityContext.pod");
    const container = blockAt(values, "server.statefulSet.securityContext.container");
    // The chart's defaults apply.
    const isChartsPod = Object.keys(pod).length === 0;
    const isChartsContainer = Object.keys(container).length === 0;
    return [
      ...(isChartsPod || isTrue(pod.runAsNonRoot) ? [] : ["the servers may run as root"]),
      ...(isChartsContainer || container.allowPrivilegeEscalation === false
        ? []
        : ["the servers may gain privileges"]),
      ...(isTrue(container.privileged) ? ["the servers are privileged"] : []),
      ...(isTrue(container.readOnlyRootFilesystem) ? [] : ["the servers' root filesystem is writable"]),
      ...(texts(block(container.capabilities).drop).includes("ALL") ? [] : ["the servers keep capabilities"]),
    ];
  }),
};
