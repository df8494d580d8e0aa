import { Url } from "../constructs/core/url";
import type { Environment } from "./schema";

type Service = Environment["services"][number];

/** Who keeps the network policy of a service's pods. Namespaces of others get none unless the definition asks for it. */
export function networkPolicyOf(
  { kubernetes }: Pick<Environment, "kubernetes">,
  { namespace, deployment, networkPolicy }: Pick<Service, "namespace" | "deployment" | "networkPolicy">,
): "platform" | "team" {
  if (networkPolicy) return networkPolicy;
  return deployment && !kubernetes.existingNamespaces.includes(namespace) ? "platform" : "team";
}

/** Port at which the endpoints of the API server listen. */
export function apiServerPortOf({
  kubernetes,
  network,
}: Pick<Environment, "kubernetes" | "network">): number {
  return network.apiServerPort ?? Url.parse(kubernetes.apiServer).port;
}
