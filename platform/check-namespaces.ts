import { rejection } from "../constructs/core/format-error";
import { parseNewNamespace } from "../constructs/core/kubernetes-names";
import type { Check } from "./check";
import { PLATFORM_NAMESPACES } from "./names";
import { whereReadable } from "./readable";
import { servicesOf } from "./service";

/**
 * Namespaces that a service may use instead of a refused one, or undefined if `namespace` is allowed. The cluster layer
 * creates the namespaces of services and allows their pods to connect to Vault.
 */
function refusal(namespace: string, existing: readonly string[]): string | undefined {
  if (PLATFORM_NAMESPACES.includes(namespace) || namespace.startsWith("kube-")) {
    return `a namespace of services, and none of ${PLATFORM_NAMESPACES.join(", ")} and kube-*`;
  }
  if (existing.includes(namespace) || !rejection(parseNewNamespace, namespace)) return undefined;
  return `a namespace that the platform creates: ${namespace} exists in every cluster, and is used as it is if kubernetes.existingNamespaces has it`;
}

/** Checks of the namespaces of services. */
export const namespaceChecks: readonly Check[] = [
  (environment, report) => {
    for (const service of servicesOf(environment)) {
      whereReadable(() => {
        const { namespace } = service;
        const allowed = refusal(namespace, environment.kubernetes.existingNamespaces);
        if (allowed) report(service.path("namespace"), namespace, allowed);
      });
    }
  },
];
