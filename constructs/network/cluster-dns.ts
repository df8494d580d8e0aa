import type { NetworkPolicyV1SpecEgress } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { Construct } from "constructs";
import { type Fields, checkArguments, checkProps, number, object, text } from "../core/field";
import { construct, pairs } from "../core/fields";
import { ValidationError } from "../core/validation-error";
import { ranges as RANGES } from "../server/fields";
import { type Peer, podPeer, requirePort, requireRange } from "./network-peers";

/** Pods that answer DNS queries. */
export interface DnsPods {
  /** Namespace of the pods. @default kube-system */
  readonly namespace?: string;
  /** Labels of the pods. @default - `k8s-app: kube-dns`, the label of CoreDNS and kube-dns in most distributions */
  readonly podLabels?: Readonly<Record<string, string>>;
  /** Port of the pods, which the Service's port 53 maps to. @default 53 */
  readonly podPort?: number;
}

/** Properties of `ClusterDns.nodeLocalCache`. */
export interface NodeLocalCacheProps extends DnsPods {
  /**
   * Addresses at which the cache listens, as ranges. If kube-proxy uses iptables, the cache also listens on the address
   * of the Service `kube-dns`: add that address.
   * @default 169.254.20.10/32 - the default of the cache
   */
  readonly ranges?: readonly string[];
}

/** Properties of `ClusterDns.nodes`. */
export interface NodeDnsProps {
  /** Nameserver addresses of the pods, as ranges, such as `172.20.0.10/32`. At least one. */
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
 * DNS servers that pods query. Every egress policy allows them, because pods resolve names for all other connections.
 *
 * Ranges may be link-local, like the addresses of instance metadata: the policy opens only port 53 there.
 */
export class ClusterDns {
  /** DNS servers in pods of the cluster. */
  static pods(props: DnsPods = {}): ClusterDns {
    checkProps("ClusterDns.pods", PODS, props);
    return new ClusterDns(props, [], []);
  }

  /**
   * NodeLocal DNSCache: a cache on each node, besides the DNS servers in pods. Pods query those servers if the cache is
   * missing.
   * @see https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/
   */
  static nodeLocalCache(props: NodeLocalCacheProps = {}): ClusterDns {
    checkProps("ClusterDns.nodeLocalCache", CACHE, props);
    const { ranges = ["169.254.20.10/32"], ...pods } = props;
    // Some network plugins redirect queries to the pods of the cache.
    return new ClusterDns(pods, [podPeer(SYSTEM, { "k8s-app": "node-local-dns" })], ranges);
  }

  /**
   * DNS servers that run on the nodes, not in pods, as in EKS Auto Mode.
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
   * Returns egress rules that allow DNS over UDP and TCP.
   * @throws ValidationError for an invalid range, for no range with DNS servers on nodes, and for an invalid port
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
