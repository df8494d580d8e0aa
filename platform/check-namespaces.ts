import { rejection } from "../constructs/core/format-error";
import { parseNewNamespace } from "../constructs/core/kubernetes-names";
import type { Check } from "./check";
import { PLATFORM_NAMESPACES } from "./names";
import { whereReadable } from "./readable";

/** What services may not have: the cluster layer creates their namespaces, and lets their pods talk to Vault. */
function refusal(namespace: string, existing: readonly string[]): string | undefined {
  if (PLATFORM_NAMESPACES.includes(namespace) || namespace.startsWith("kube-")) {
    return `a namespace of services, and none of ${PLATFORM_NAMESPACES.join(", ")} and kube-*`;
  }
  if (existing.includes(namespace) || !rejection(parseNewNamespace, namespace)) return undefined;
  return `a namespace that the platform creates: ${namespace} exists in every cluster, and is used as it is if kubernetes.existingNamespaces has it`;
}

/** Namespaces of services. */
export const namespaceChecks: readonly Check[] = [
  ({ services, kubernetes }, report) => {
    for (const index of services.keys()) {
      whereReadable(() => {
        const { namespace } = services[index];
        const allowed = refusal(namespace, kubernetes.existingNamespaces);
        if (allowed) report(["services", index, "namespace"], namespace, allowed);
      });
    }
  },
];
