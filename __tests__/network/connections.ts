import { BlockList, isIPv6 } from "node:net";

type Block = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

type Protocol = "TCP" | "UDP";

/** Endpoint of a connection: a pod, or an address outside the pods. */
export interface Endpoint {
  readonly address: string;
  /** Namespace and labels of the pod. @default - not a pod */
  readonly pod?: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> };
}

/** Evaluates connections like Kubernetes, from bodies of `kubernetes_network_policy_v1`. */
export class Connections {
  constructor(
    private readonly policies: readonly Block[],
    private readonly namespaceLabels: Readonly<Record<string, Readonly<Record<string, string>>>>,
  ) {}

  /** Returns true if the policies of both endpoints allow the connection. */
  isAllowed(from: Endpoint, to: Endpoint, port: number, protocol?: Protocol): boolean {
    return this.leaves(from, to, port, protocol) && this.enters(from, to, port, protocol);
  }

  /** Returns true if the policies of the initiating pod allow the connection. */
  leaves(from: Endpoint, to: Endpoint, port: number, protocol: Protocol = "TCP"): boolean {
    return this.passes("Egress", from, to, port, protocol);
  }

  /** Returns true if the policies of the receiving pod allow the connection. */
  enters(from: Endpoint, to: Endpoint, port: number, protocol: Protocol = "TCP"): boolean {
    return this.passes("Ingress", to, from, port, protocol);
  }

  /** Returns true if no policy selects the endpoint, or if a selecting policy has a rule for the other endpoint. */
  private passes(
    type: "Ingress" | "Egress",
    { pod }: Endpoint,
    other: Endpoint,
    port: number,
    protocol: Protocol,
  ): boolean {
    if (!pod) return true;
    const selecting = this.policies.filter(
      ({ metadata, spec }) =>
        metadata.namespace === pod.namespace &&
        spec.policy_types.includes(type) &&
        selects(spec.pod_selector, pod.labels),
    );
    if (selecting.length === 0) return true;
    return selecting.some(({ metadata, spec }) =>
      (spec[type.toLowerCase()] ?? []).some(
        (rule: Block) =>
          rule.ports.some(
            (allowed: Block) => allowed.port === String(port) && allowed.protocol === protocol,
          ) && (rule.to ?? rule.from).some((peer: Block) => this.matches(peer, other, metadata.namespace)),
      ),
    );
  }

  private matches(peer: Block, { address, pod }: Endpoint, policyNamespace: string): boolean {
    if (peer.ip_block) {
      const { cidr, except = [] } = peer.ip_block;
      return inRange(address, cidr) && !except.some((range: string) => inRange(address, range));
    }
    if (!pod) return false;
    const namespaceMatches = peer.namespace_selector
      ? selects(peer.namespace_selector, {
          "kubernetes.io/metadata.name": pod.namespace,
          ...this.namespaceLabels[pod.namespace],
        })
      : pod.namespace === policyNamespace;
    return namespaceMatches && selects(peer.pod_selector ?? {}, pod.labels);
  }
}

function selects({ match_labels = {} }: Block, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(match_labels).every(([name, value]) => labels[name] === value);
}

function inRange(address: string, range: string): boolean {
  const family = (text: string) => (isIPv6(text) ? "ipv6" : "ipv4");
  const [network, bits] = range.split("/");
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family(network));
  return family(network) === family(address) && list.check(address, family(address));
}
