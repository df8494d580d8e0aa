import { Cidr } from "../../constructs/core/cidr";
import { rejection } from "../../constructs/core/format-error";
import { IpAddress } from "../../constructs/core/ip-address";
import type { Element } from "../element";
import { memo } from "../memo";
import type { Platform } from "../platform";
import { type Block, block, blocks, field, isBlock, isTrue, text, texts } from "./blocks";
import { blockAt, valueAt, vaultReleaseOf } from "./helm";
import { namespaceOf } from "./names";

/** Either end of a connection. */
export interface Peer {
  readonly cidr?: string;
  readonly except: readonly string[];
  /** Labels of namespaces; an empty object is all of them. */
  readonly namespaces?: Block;
  /** Labels of pods; an empty object is all of them. */
  readonly pods?: Block;
}

export interface NetworkRule {
  /** Empty: everybody. */
  readonly peers: readonly Peer[];
  /** Numbers or names; empty: all ports. */
  readonly ports: readonly string[];
}

export interface NetworkPolicy {
  readonly element: Element;
  readonly name: string;
  readonly namespace: string;
  /** Labels of the pods that it isolates; empty: all pods of the namespace. */
  readonly podLabels: Readonly<Record<string, string>>;
  readonly isolatesIngress: boolean;
  readonly isolatesEgress: boolean;
  readonly ingress: readonly NetworkRule[];
  readonly egress: readonly NetworkRule[];
}

const TYPES = ["kubernetes_network_policy", "kubernetes_network_policy_v1"];

/** The network policies that an element makes: the typed resource, a manifest, or Vault's chart. */
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

export const networkPoliciesIn = memo((platform: Platform): NetworkPolicy[] =>
  platform.elements.flatMap(networkPoliciesOf),
);

/** Whether a policy isolates pods that have some labels, as far as labels alone decide. */
export function selects({ podLabels }: NetworkPolicy, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(podLabels).every(
    ([key, value]) => labels[key] === undefined || labels[key] === value,
  );
}

/** Whether a rule reaches an address at a port. */
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

/** All conditions of a selector; undefined where there is no selector. */
function labelsOf(selector: unknown): Block | undefined {
  const [found] = blocks(selector);
  if (!found) return undefined;
  const labels = block(field(found, "match_labels", "matchLabels"));
  const expressions = blocks(field(found, "match_expressions", "matchExpressions"));
  return { ...labels, ...(expressions.length > 0 && isBlock(expressions[0]) && { expressions }) };
}
