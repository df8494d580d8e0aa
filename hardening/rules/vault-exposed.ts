import type { Block } from "../readers/blocks";
import { blockAt } from "../readers/helm";
import { isOff, isOn, textOf, textsOf } from "../readers/values";
import type { Rule } from "../rule";
import { forVaultReleases } from "../subjects";

/** Services of the chart, with the name of the setting of their type. The last ones inherit the type of the first. */
const SERVICES: readonly (readonly [path: string, type: string])[] = [
  ["server.service", "type"],
  ["server.service.active", "type"],
  ["server.service.standby", "type"],
  ["ui", "serviceType"],
];

/** Reports servers that are reachable from networks that you did not name. */
export const vaultExposed: Rule = {
  id: "vault-exposed",
  level: "error",
  title: "No ingress, route, host port or open load balancer leads from outside the cluster to Vault",
  item: "server",
  fix: "Use a ClusterIP, or a LoadBalancer with loadBalancerSourceRanges.",
  source: "https://developer.hashicorp.com/vault/docs/concepts/production-hardening",
  check: forVaultReleases(({ values }) => [
    ...SERVICES.flatMap(([path, type]) => exposure(path, blockAt(values, path), type)),
    ...["server.ingress", "server.route", "server.gateway.httpRoute", "server.gateway.tlsRoute"]
      .filter((path) => isOn(blockAt(values, path), "enabled"))
      .map((path) => `${path} leads from outside the cluster to the servers`),
    ...(isOn(blockAt(values, "server"), "hostNetwork")
      ? ["the servers are on the network of their nodes"]
      : []),
    ...(blockAt(values, "server").hostPort === undefined ? [] : ["the servers have a port of their nodes"]),
  ]),
};

function exposure(path: string, service: Block, typeName: string): string[] {
  if (isOff(service, "enabled")) return [];
  const type = textOf(service, typeName) ?? "ClusterIP";
  if (textsOf(service, "externalIPs").length > 0) return [`${path} has external addresses`];
  if (type === "NodePort") return [`${path} opens a port on every node`];
  if (type !== "LoadBalancer") return [];
  const ranges = textsOf(service, "loadBalancerSourceRanges");
  // Half of all addresses and more, also as a union: 0.0.0.0/1 and 128.0.0.0/1 are everybody.
  const share = ranges
    .map((range) => 2 ** -Number(/\/(\d+)\s*$/.exec(range)?.[1] ?? 32))
    .reduce((a, b) => a + b, 0);
  return ranges.length === 0 || share >= 0.5 ? [`${path} is a load balancer for everybody`] : [];
}
