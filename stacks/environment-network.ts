import { ClusterDns } from "../constructs/cluster/cluster-dns";
import { EgressTarget } from "../constructs/cluster/egress-target";
import type { Environment } from "../environments/schema";

type Egress = Environment["services"][number]["egress"][number];

/** DNS servers that the environment's pods ask. */
export function dnsOf({ network: { dns } }: Pick<Environment, "network">): ClusterDns {
  switch (dns.kind) {
    case "pods":
      return ClusterDns.pods(dns);
    case "node-local-cache":
      return ClusterDns.nodeLocalCache(dns);
    case "nodes":
      return ClusterDns.nodes(dns);
  }
}

/** Where an entry of a service's `egress` leads. */
export function targetOf({ ranges, namespace, podLabels }: Egress): EgressTarget {
  if (ranges) return EgressTarget.ranges(ranges);
  return namespace === undefined ? EgressTarget.internet() : EgressTarget.pods(namespace, podLabels);
}
