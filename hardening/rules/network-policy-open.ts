import type { Peer } from "../readers/network";
import type { Rule } from "../rule";
import { forNetworkPolicies } from "../subjects";

/** Reports network policies that admit all peers. */
export const networkPolicyOpen: Rule = {
  id: "network-policy-open",
  level: "error",
  title: "No network policy admits everybody",
  item: "network-policies",
  fix: "Name the namespaces, pods or ranges that need the connection.",
  source: "https://kubernetes.io/docs/concepts/services-networking/network-policies/",
  check: forNetworkPolicies(({ name, ingress }) =>
    ingress
      .filter(({ peers }) => peers.length === 0 || peers.some(isEverybody))
      .map(({ ports }) => `network policy ${name} admits everybody to ${ports.join(", ") || "all ports"}`),
  ),
};

function isEverybody({ cidr, namespaces, pods }: Peer): boolean {
  const everyNamespace = namespaces !== undefined && Object.keys(namespaces).length === 0;
  return cidr === "0.0.0.0/0" || cidr === "::/0" || (everyNamespace && Object.keys(pods ?? {}).length === 0);
}
