import { Cidr } from "../../constructs/core/cidr";
import { rejection } from "../../constructs/core/format-error";
import { IpAddress } from "../../constructs/core/ip-address";
import type { Element } from "../element";
import { memo } from "../memo";
import type { Platform } from "../platform";
import { type Block, block, blocks, field, isBlock, isTrue, text, texts } from "./blocks";
import { blockAt, valueAt, vaultReleaseOf } from "./helm";
import { namespaceOf } from "./names";

/** One end of a connection. */
export interface Peer {
  /** CIDR range of addresses. */
  readonly cidr?: string;
  /** Ranges within `cidr` that are excluded. */
  readonly except: readonly string[];
  /** Labels of namespaces; an empty object matches all namespaces. */
  readonly namespaces?: Block;
  /** Labels of pods; an empty object matches all pods. */
  readonly pods?: Block;
}

/** Rule of a network policy. */
export interface NetworkRule {
  /** Peers; an empty list matches all. */
  readonly peers: readonly Peer[];
  /** Port numbers or names; an empty list matches all ports. */
  readonly ports: readonly string[];
}

/** Network policy of a namespace. */
export interface NetworkPolicy {
  /** Block that creates the policy. */
  readonly element: Element;
  /** Name of the policy. */
  readonly name: string;
  /** Namespace of the policy. */
  readonly namespace: string;
  /** Labels of the pods that the policy isolates; empty for all pods of the namespace. */
  readonly podLabels: Readonly<Record<string, string>>;
  /** Whether the policy rejects incoming connections that `ingress` does not allow. */
  readonly isolatesIngress: boolean;
  /** Whether the policy rejects outgoing connections that `egress` does not allow. */
  readonly isolatesEgress: boolean;
  /** Rules that allow incoming connections. */
  readonly ingress: readonly NetworkRule[];
  /** Rules that allow outgoing connections. */
  readonly egress: readonly NetworkRule[];
}

const TYPES = ["kubernetes_network_policy", "kubernetes_network_policy_v1"];

/** Network policies of an element: the typed resource, a manifest, or Vault's Helm chart. */
export const networkPoliciesOf = memo((element: Element): NetworkPolicy[] => {
  if (element.block !== "resource") return [];
  if (TYPES.includes(element.type)) return [readPolicy(element, element.body)];
  const manifest = block(element.body.manifest);
  if (element.type === "kubernetes_manifest" && manifest.kind === "NetworkPolicy") {
    return [readPolicy(element, manifest)];
  }
  const release = vaultReleaseOf(element);
  if (!release || !isTrue(valueAt(release.values, "server.networkPolicy.enabled"))) return [];
  const { egress, ingress } = blockAt(release.values, "server.networkPolicy");
  const spec = {
    podSelector: { matchLabels: { "app.kubernetes.io/name": "vault" } },
    ingress: ingress ?? [{ from: [{ namespaceSelector: {} }], ports: [{ port: 8200 }, { port: 8201 }] }],
    ...(blocks(egress).length > 0 && { policyTypes: ["Ingress", "Egress"], egress }),
  };
  return [readPolicy(element, { metadata: { name: release.name, namespace: release.namespace }, spec })];
});

/** Network policies of a platform. */
export const networkPoliciesIn = memo((platform: Platform): NetworkPolicy[] =>
  platform.elements.flatMap(networkPoliciesOf),
);

/**
 * Returns true if a policy isolates pods with the given labels, by its match labels only. A label that is not given
 * matches any value.
 */
export function selects({ podLabels }: NetworkPolicy, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(podLabels).every(
    ([key, value]) => labels[key] === undefined || labels[key] === value,
  );
}

/** Returns true if a rule allows an address at a port. */
export function reaches({ peers, ports }: NetworkRule, address: string, port: number): boolean {
  const portFits = ports.length === 0 || ports.includes(String(port));
  return portFits && (peers.length === 0 || peers.some((peer) => contains(peer, address)));
}

function contains({ cidr, except }: Peer, address: string): boolean {
  return cidr !== undefined && within(cidr, address) && !except.some((range) => within(range, address));
}

function within(cidr: string, address: string): boolean {
  const isRange = rejection(Cidr.parseAnyForm, cidr) === undefined;
  return isRange && Cidr.parseAnyForm(cidr).contains(IpAddress.parse(address));
}

function readPolicy(element: Element, body: Block): NetworkPolicy {
  const spec = block(body.spec);
  const types = texts(field(spec, "policy_types", "policyTypes"));
  const egress = blocks(spec.egress).map((rule) => readRule(rule, rule.to));
  const selector = block(field(spec, "pod_selector", "podSelector"));
  const labels = block(field(selector, "match_labels", "matchLabels"));
  return {
    element,
    name: text(block(body.metadata).name) ?? "",
    namespace: namespaceOf(element, body.metadata),
    podLabels: Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, text(value) ?? ""])),
    isolatesIngress: types.length === 0 || types.includes("Ingress"),
    isolatesEgress: types.includes("Egress") || (types.length === 0 && egress.length > 0),
    ingress: blocks(spec.ingress).map((rule) => readRule(rule, rule.from)),
    egress,
  };
}

function readRule(rule: Block, peers: unknown): NetworkRule {
  return {
    peers: blocks(peers).map((peer) => {
      const range = field(peer, "ip_block", "ipBlock");
      return {
        cidr: text(block(range).cidr),
        except: texts(block(range).except),
        namespaces: labelsOf(field(peer, "namespace_selector", "namespaceSelector")),
        pods: labelsOf(field(peer, "pod_selector", "podSelector")),
      };
    }),
    ports: blocks(rule.ports).flatMap(({ port }) => texts(port)),
  };
}

/** All conditions of a selector; undefined if there is no selector. */
function labelsOf(selector: unknown): Block | undefined {
  const [found] = blocks(selector);
  if (!found) return undefined;
  const labels = block(field(found, "match_labels", "matchLabels"));
  const expressions = blocks(field(found, "match_expressions", "matchExpressions"));
  return { ...labels, ...(expressions.length > 0 && isBlock(expressions[0]) && { expressions }) };
}
