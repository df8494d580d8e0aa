import { isTrue, text, texts } from "../readers/blocks";
import { blockAt, valueAt } from "../readers/helm";
import type { Rule } from "../rule";
import { forVaultReleases } from "../subjects";

const SERVICES: readonly [path: string, type: string, ranges: string][] = [
  ["server.service", "type", "loadBalancerSourceRanges"],
  ["server.service.active", "type", "loadBalancerSourceRanges"],
  ["ui", "serviceType", "loadBalancerSourceRanges"],
];

/** Reports servers that are reachable from networks that you did not name. */
export const vaultExposed: Rule = {
  id: "vault-exposed",
  level: "error",
  title: "Vault is not open to networks that nobody named",
  item: "server",
  fix: "Use a ClusterIP, or a LoadBalancer with loadBalancerSourceRanges.",
  source: "https://developer.hashicorp.com/vault/docs/concepts/production-hardening",
  check: forVaultReleases(({ values }) => [
    ...SERVICES.flatMap(([path, typeKey, rangesKey]) => {
      const service = blockAt(values, path);
      const type = text(service[typeKey]) ?? "ClusterIP";
      if (type === "NodePort") return [`${path} opens a port on every node`];
      const ranges = texts(service[rangesKey]);
      const isOpen = ranges.length === 0 || ranges.includes("0.0.0.0/0");
      return type === "LoadBalancer" && isOpen ? [`${path} is a load balancer for everybody`] : [];
    }),
    ...(isTrue(valueAt(values, "server.hostNetwork"))
      ? ["the servers are on the network of their nodes"]
      : []),
  ]),
};
