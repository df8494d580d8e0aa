import type { NetworkPolicyV1SpecEgress } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { Construct } from "constructs";
import { type Fields, checkArguments, checkProps, number, object, text } from "../core/field";
import { construct, pairs } from "../core/fields";
import { ValidationError } from "../core/validation-error";
import { ranges as RANGES } from "../server/fields";
import { type Peer, podPeer, requirePort, requireRange } from "./network-peers";

/** Pods that answer DNS queries. */
export interface DnsPods {
  /** @default kube-system */
  readonly namespace?: string;
  /** @default - `k8s-app: kube-dns`, which CoreDNS and kube-dns have in most distributions */
  readonly podLabels?: Readonly<Record<string, string>>;
  /** Port of the pods, behind the Service's port 53. @default 53 */
  readonly podPort?: number;
}

export interface NodeLocalCacheProps extends DnsPods {
  /**
   * Addresses at which the cache listens, as ranges. Where kube-proxy uses iptables, the cache also takes the address
   * of the Service `kube-dns`: name that too.
   * @default - 169.254.20.10/32, the cache's own default
   */
  readonly ranges?: readonly string[];
}

export interface NodeDnsProps {
  /** Addresses that pods have as nameserver, as ranges, such as `172.20.0.10/32`. One at least. */
  readonly ranges: readonly string[];
}

const podFields: Fields<DnsPods> = {
  namespace: text.optional(),
  podLabels: pairs.optional(),
  podPort: number.optional(),
};

const PODS = object<DnsPods>(() => podFields);

const CACHE = object<NodeLocalCacheProps>(() => ({ ...podFields, ranges: RANGES.optional() }));

const NODES = object<NodeDnsProps>(() => ({ ranges: RANGES }));

const PORT = 53;
const SYSTEM = "kube-system";

/**
 * The DNS servers that pods ask. Every egress policy allows them, because pods find everything by name.
 *
 * Ranges may be link-local, where the addresses of instance metadata are too: a policy opens port 53 there alone.
 */
export class ClusterDns {
  /** DNS servers in pods of the cluster. */
  static pods(props: DnsPods = {}): ClusterDns {
    checkProps("ClusterDns.pods", PODS, props);
    return new ClusterDns(props, [], []);
  }

  /**
   * NodeLocal DNSCache: a cache on each node, beside the DNS servers in pods, which pods still ask when it is missing.
   * @see https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/
   */
  static nodeLocalCache(props: NodeLocalCacheProps = {}): ClusterDns {
    checkProps("ClusterDns.nodeLocalCache", CACHE, props);
    const { ranges = ["169.254.20.10/32"], ...pods } = props;
    // Where the network plugin redirects queries, it redirects them to the pods of the cache.
    return new ClusterDns(pods, [podPeer(SYSTEM, { "k8s-app": "node-local-dns" })], ranges);
  }

  /**
   * DNS servers that run on the nodes and not in pods, as in EKS Auto Mode.
   * @see https://docs.aws.amazon.com/eks/latest/userguide/automode.html
   */
  static nodes(props: NodeDnsProps): ClusterDns {
    checkProps("ClusterDns.nodes", NODES, props);
    return new ClusterDns(undefined, [], props.ranges);
  }

  private constructor(
    private readonly pods: DnsPods | undefined,
    private readonly caches: readonly Peer[],
    private readonly ranges: readonly string[],
  ) {}

  /**
   * The rules of an egress policy that allow DNS by UDP and TCP.
   * @throws ValidationError for what is no range, for no range where the nodes answer, and for a port that is none
   */
  egress(scope: Construct): NetworkPolicyV1SpecEgress[] {
    checkArguments("ClusterDns.egress", { scope: [scope, construct] });
    for (const range of this.ranges) requireRange(scope, "each of ranges of the DNS servers", range);
    if (!this.pods && this.ranges.length === 0) {
      throw new ValidationError(scope, "ranges of the DNS servers must be one at least, got none");
    }
    const addresses = this.ranges.map((cidr): Peer => ({ ipBlock: { cidr } }));
    if (!this.pods) return [rule(addresses, PORT)];
    const { namespace = SYSTEM, podLabels = { "k8s-app": "kube-dns" }, podPort = PORT } = this.pods;
    requirePort(scope, "the DNS servers", podPort);
    const others = [...this.caches, ...addresses];
    const pods = podPeer(namespace, podLabels);
    if (podPort === PORT) return [rule([pods, ...others], PORT)];
    return [rule([pods], podPort), ...(others.length > 0 ? [rule(others, PORT)] : [])];
  }
}

function rule(to: Peer[], port: number): NetworkPolicyV1SpecEgress {
  return {
    to,
    ports: ["UDP", "TCP"].map((protocol) => ({ port: String(port), protocol })),
  };
}
