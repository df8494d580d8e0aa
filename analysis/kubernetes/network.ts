import { type KubernetesObject, type Source, helmValuesOf, isVaultRelease, objectsOf } from "./objects";
import { RangeSet, unionOf } from "./ranges";
import { type Block, block, blocks, hasUnknownBlocks, isUnknown, knownTexts, text } from "./values";

/** Direction of traffic. */
export type Direction = "Ingress" | "Egress";

/** Ports of one protocol; undefined bounds stand for all ports, a name for a named port. */
export interface Ports {
  /** Protocol, or `any`. */
  readonly protocol: string;
  /** First port. */
  readonly first: number;
  /** Last port. */
  readonly last: number;
  /** Name of a port of the pods, instead of numbers. */
  readonly name?: string;
  /** Ports as a text. */
  readonly text: string;
}

/** Peer at ports that a network policy admits. */
export interface Admission {
  /** Direction of the traffic. */
  readonly direction: Direction;
  /** Peer as a text. */
  readonly peer: string;
  /** Kind of the peer. */
  readonly kind: "anyone" | "range" | "pods" | "unknown";
  /** Addresses of a range. */
  readonly ranges: RangeSet;
  /** Requirements on labels of the pods' namespace. @default - the namespace of the policy */
  readonly namespaces?: readonly string[];
  /** Requirements on labels of the pods. */
  readonly pods: readonly string[];
  /** Ports. */
  readonly ports: Ports;
}

/** Network policy. */
export interface NetworkPolicy {
  /** Object that defines the policy. */
  readonly object: KubernetesObject;
  /** Name of the policy. */
  readonly name: string;
  /** Namespace of the policy. */
  readonly namespace: string;
  /** Requirements on labels of the pods that the policy isolates; empty for all pods of the namespace. */
  readonly selector: readonly string[];
  /** Labels that the selected pods surely have, by `matchLabels`. */
  readonly podLabels: Readonly<Record<string, string>>;
  /** Directions in which the policy isolates its pods. */
  readonly directions: readonly Direction[];
  /** Traffic that the policy admits. */
  readonly admissions: readonly Admission[];
}

const ALL_PORTS: Ports = { protocol: "any", first: 0, last: 65535, text: "any port" };

/** Network policies of a resource: the typed resource, manifests, values of charts, and that of Vault's chart. */
export function networkPoliciesOf(source: Source): NetworkPolicy[] {
  const objects = objectsOf(source).filter(
    ({ kind, apiVersion }) =>
      kind === "NetworkPolicy" &&
      (apiVersion === undefined || /^(networking\.k8s\.io|extensions)\//.test(apiVersion)),
  );
  return [...objects, ...chartPolicies(source)].map(networkPolicyOf);
}

/** Policy of Vault's chart, if the values switch it on. */
function chartPolicies(source: Source): KubernetesObject[] {
  if (!isVaultRelease(source)) return [];
  const { attributes } = source;
  const settings = helmValuesOf(attributes).map((values) => block(block(block(values).server).networkPolicy));
  const merged: Block = Object.assign({}, ...settings);
  if (merged.enabled !== true && merged.enabled !== "true") return [];
  const ports = [{ port: 8200 }, { port: 8201 }];
  const spec = {
    podSelector: { matchLabels: { "app.kubernetes.io/name": "vault" } },
    ingress: merged.ingress ?? [{ from: [{ namespaceSelector: {} }], ports }],
    ...(blocks(merged.egress).length > 0 && { policyTypes: ["Ingress", "Egress"], egress: merged.egress }),
  };
  const [name, namespace] = [text(attributes.name) ?? "vault", text(attributes.namespace) ?? "default"];
  return [{ kind: "NetworkPolicy", name, namespace, body: { spec } }];
}

/** Network policy of an object. */
function networkPolicyOf(object: KubernetesObject): NetworkPolicy {
  const spec = block(object.body.spec);
  const types = knownTexts(spec.policyTypes).values;
  const isDefault = types.length === 0;
  const directions = (["Ingress", "Egress"] as const).filter((direction) =>
    isDefault ? direction === "Ingress" || blocks(spec.egress).length > 0 : types.includes(direction),
  );
  const labels = block(block(spec.podSelector).matchLabels);
  return {
    object,
    name: object.name,
    namespace: object.namespace ?? "default",
    selector: requirementsOf(block(spec.podSelector)),
    podLabels: Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, text(value) ?? ""])),
    directions,
    admissions: directions.flatMap((direction) => {
      const [rules, peers] = direction === "Ingress" ? [spec.ingress, "from"] : [spec.egress, "to"];
      return [
        ...blocks(rules).flatMap((rule) => admissionsOf(direction, rule[peers], rule.ports)),
        ...(hasUnknownBlocks(rules) ? [unknownPeer(direction)] : []),
      ];
    }),
  };
}

function unknownPeer(direction: Direction): Admission {
  return {
    direction,
    peer: "peers that are not known",
    kind: "unknown",
    ranges: RangeSet.EMPTY,
    pods: [],
    ports: ALL_PORTS,
  };
}

/** Each peer with each port. A rule without peers admits anyone, and a rule without ports admits all ports. */
function admissionsOf(direction: Direction, peers: unknown, ports: unknown): Admission[] {
  const admitted = [
    ...blocks(peers).map((peer) => peerOf(direction, peer)),
    ...(hasUnknownBlocks(peers) ? [unknownPeer(direction)] : []),
  ];
  if (admitted.length === 0) admitted.push({ ...unknownPeer(direction), peer: "anyone", kind: "anyone" });
  const numbers = [
    ...blocks(ports).map(portsOf),
    ...(hasUnknownBlocks(ports) ? [{ ...ALL_PORTS, text: "ports that are not known" }] : []),
  ];
  if (numbers.length === 0) numbers.push(ALL_PORTS);
  return admitted.flatMap((admission) => numbers.map((port) => ({ ...admission, ports: port })));
}

function peerOf(direction: Direction, peer: Block): Admission {
  const base = unknownPeer(direction);
  if (blocks(peer.ipBlock).length > 0) {
    const { cidr, except } = block(peer.ipBlock);
    const excluded = knownTexts(except);
    const text = `${String(cidr)}${excluded.values.length > 0 ? ` but ${excluded.values.join(", ")}` : ""}`;
    const range = RangeSet.parse(String(cidr));
    // A range that is not known excludes nothing.
    const exceptions = excluded.values.flatMap((item) => RangeSet.parse(item) ?? []);
    if (!range) return { ...base, peer: text };
    return { ...base, peer: text, kind: "range", ranges: range.without(unionOf(exceptions)) };
  }
  const pods = requirementsOf(block(peer.podSelector));
  const shownPods = pods.length > 0 ? `pods ${pods.join(" and ")}` : "all pods";
  if (peer.namespaceSelector === undefined || peer.namespaceSelector === null) {
    return { ...base, kind: isOpen(pods) ? "unknown" : "pods", pods, peer: shownPods };
  }
  const namespaces = requirementsOf(block(peer.namespaceSelector));
  const shown = namespaces.length > 0 ? `namespaces ${namespaces.join(" and ")}` : "all namespaces";
  const kind = isOpen([...pods, ...namespaces]) ? "unknown" : "pods";
  return { ...base, kind, pods, namespaces, peer: `${shownPods} in ${shown}` };
}

function isOpen(requirements: readonly string[]): boolean {
  return requirements.some(isUnknown);
}

function portsOf({ port, endPort, protocol }: Block): Ports {
  const kind = text(protocol) ?? "TCP";
  if (port === undefined || port === null) return { ...ALL_PORTS, protocol: kind, text: `any port/${kind}` };
  const shown = `${String(port)}${endPort === undefined || endPort === null ? "" : `-${String(endPort)}`}/${kind}`;
  const [first, last] = [Number(port), Number(endPort ?? port)];
  if (Number.isNaN(first) || Number.isNaN(last)) {
    return { protocol: kind, first: -1, last: -1, name: String(port), text: shown };
  }
  return { protocol: kind, first, last, text: shown };
}

/** Requirements of a selector as texts, in alphabetical order. */
export function requirementsOf(selector: Block): string[] {
  const { matchLabels, matchExpressions } = selector;
  return [
    ...Object.entries(block(matchLabels)).map(([key, value]) => `${key}=${String(value)}`),
    ...(hasUnknownBlocks(matchLabels) || hasUnknownBlocks(matchExpressions) ? ["${unknown}"] : []),
    ...blocks(matchExpressions).map(({ key, operator, values }) => {
      const list = [...knownTexts(values).values].sort();
      // One allowed value is a label.
      if (operator === "In" && list.length === 1 && knownTexts(values).isComplete)
        return `${String(key)}=${list[0]}`;
      return `${String(key)} ${String(operator)} ${list.join(",")}`.trim();
    }),
  ].sort();
}

/** Returns true if a selector matches all pods that another one matches. An empty selector matches all. */
export function selectsAll(selector: readonly string[], other: readonly string[]): boolean {
  return selector.every((requirement) => other.includes(requirement));
}
