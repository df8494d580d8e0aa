import type {
  NetworkPolicyV1SpecEgress,
  NetworkPolicyV1SpecEgressTo,
} from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { Construct } from "constructs";
import * as ipaddr from "ipaddr.js";
import { METADATA_RANGES, liesWithin } from "../core/network-ranges";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";

/** Either end of a connection; Kubernetes describes both alike. */
export type Peer = NetworkPolicyV1SpecEgressTo;

/** Networks that are nobody's on the internet. */
const PRIVATE = ["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** The internet, without the private networks that a pod could reach besides. IPv4, as AWS's own endpoints. */
export const INTERNET: Peer = {
  ipBlock: { cidr: "0.0.0.0/0", except: [...PRIVATE, "169.254.0.0/16"].sort() },
};

/**
 * Network ranges, never with the addresses of instance metadata.
 * @throws ValidationError for what is no range, and for ranges that only metadata is in
 */
export function rangePeers(scope: Construct, property: string, ranges: readonly string[]): Peer[] {
  return ranges.map((cidr) => {
    if (!isLiteral(cidr)) return { ipBlock: { cidr } };
    if (!ipaddr.isValidCIDR(cidr)) {
      throw new ValidationError(
        scope,
        `${property} must be network ranges, such as 10.0.0.0/16, got ${cidr}`,
      );
    }
    if (METADATA_RANGES.some((metadata) => liesWithin(cidr, metadata))) {
      throw new ValidationError(
        scope,
        `${property} must not lie within ${METADATA_RANGES.join(" or ")}, where pods get the credentials of their node, got ${cidr}`,
      );
    }
    const except = METADATA_RANGES.filter((metadata) => liesWithin(metadata, cidr));
    return { ipBlock: { cidr, ...(except.length > 0 && { except }) } };
  });
}

/** All pods of a namespace. */
export function namespacePeer(name: string): Peer {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } };
}

/** Some pods of a namespace. */
export function podPeer(namespace: string, matchLabels: Record<string, string>): Peer {
  return { ...namespacePeer(namespace), podSelector: { matchLabels } };
}

/** What every pod needs that calls somebody by name: the cluster's DNS servers. */
export const DNS: NetworkPolicyV1SpecEgress = {
  to: [podPeer("kube-system", { "k8s-app": "kube-dns" })],
  ports: [
    { port: "53", protocol: "UDP" },
    { port: "53", protocol: "TCP" },
  ],
};
