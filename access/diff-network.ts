import { type Change, type Label, pairUp, sortLabels } from "./changes";
import { mark } from "./markdown";
import type { Json } from "../analysis/terraform/blocks";
import { placeOf } from "../analysis/terraform/sources";
import type { Environment, Resource } from "../analysis/terraform/synthesized";
import { listOf, textOf } from "../analysis/terraform/values";

/** Peer and port that a network policy admits, as a line. */
interface Admission {
  readonly text: string;
  readonly labels: readonly Label[];
}

/**
 * Changes to the network access of pods. A policy blocks all traffic of the pods that it selects except the traffic
 * that it admits. Without the policy, the pods are open.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function networkChanges(before: Environment, after: Environment): Change[] {
  const of = ({ resources }: Environment) =>
    resources.filter(({ type }) => /^kubernetes_network_policy(_v1)?$/.test(type));
  return pairUp(of(before), of(after), keyOf).flatMap(({ key, before: was, after: is }) => {
    const change = { kind: "network", subject: key, details: [placeOf((is ?? was)!)] } as const;
    if (!is) {
      const what = "- the policy: pods that no other one selects are open";
      return [{ ...change, direction: "wider", what, labels: ["wildcard"] } satisfies Change];
    }
    const [earlier, later] = [was ? admissionsOf(was) : [], admissionsOf(is)];
    const texts = (admissions: readonly Admission[]) => admissions.map(({ text }) => text);
    const added = later.filter(({ text }) => !texts(earlier).includes(text));
    const removed = earlier.filter(({ text }) => !texts(later).includes(text));
    return [
      ...added.map(({ text, labels }): Change => ({
        ...change,
        direction: "wider",
        what: `+ ${mark(text)}`,
        labels: sortLabels(labels),
      })),
      ...removed.map(({ text }): Change => ({
        ...change,
        direction: "narrower",
        what: `- ${mark(text)}`,
        labels: [],
      })),
      ...(was ? scopeChanges(was, is).map((scope): Change => ({ ...change, ...scope })) : []),
    ];
  });
}

function keyOf({ attributes }: Resource): string {
  const metadata = block(attributes.metadata);
  return `network policy ${textOf(metadata?.namespace ?? "default")}/${textOf(metadata?.name)}`;
}

/** Changes to the pods and the directions of traffic that a policy restricts. */
function scopeChanges(before: Resource, after: Resource): Pick<Change, "direction" | "what" | "labels">[] {
  const [was, is] = [before, after].map(({ attributes }) => block(attributes.spec));
  const [typesBefore, typesAfter] = [was, is].map((spec) => listOf(spec?.policy_types));
  const opened = typesBefore.filter((type) => !typesAfter.includes(type));
  const [podsBefore, podsAfter] = [was, is].map((spec) => selector(spec?.pod_selector));
  return [
    ...opened.map((type) => ({
      direction: "wider" as const,
      what: `- ${type}: that direction is open for pods that no other policy selects`,
      labels: ["wildcard" as const],
    })),
    ...(podsBefore === podsAfter
      ? []
      : [{ direction: "changed" as const, what: `${mark(podsBefore)} -> ${mark(podsAfter)}`, labels: [] }]),
  ];
}

function admissionsOf({ attributes }: Resource): Admission[] {
  const spec = block(attributes.spec);
  return [
    ...blocks(spec?.ingress).flatMap((rule) => peersOf("from", rule.from, rule.ports)),
    ...blocks(spec?.egress).flatMap((rule) => peersOf("to", rule.to, rule.ports)),
  ];
}

/** Each peer with each port. A rule without peers admits anyone, and a rule without ports admits any port. */
function peersOf(direction: "from" | "to", peers: unknown, ports: unknown): Admission[] {
  const all = blocks(peers).map(peerOf);
  const admitted = all.length > 0 ? all : [{ text: "anyone", labels: ["wildcard" as const] }];
  const numbers = blocks(ports).map(portOf);
  return admitted.flatMap(({ text, labels }) =>
    (numbers.length > 0 ? numbers : ["any port"]).map((port) => ({
      text: `${direction} ${text} at ${port}`,
      labels,
    })),
  );
}

function peerOf(peer: Json): Admission {
  const range = block(peer.ip_block);
  if (range) {
    const cidr = textOf(range.cidr);
    const except = listOf(range.except);
    const isAll = cidr === "0.0.0.0/0" || cidr === "::/0";
    const text = `${cidr}${except.length > 0 ? ` but ${except.join(", ")}` : ""}`;
    return { text, labels: isAll ? ["wildcard"] : [] };
  }
  const pods = selector(peer.pod_selector);
  if (peer.namespace_selector === undefined) return { text: pods, labels: [] };
  const namespaces = selector(peer.namespace_selector, "namespaces");
  const labels: Label[] =
    namespaces === "all namespaces" ? ["wildcard", "cross-namespace"] : ["cross-namespace"];
  return { text: `${pods} in ${namespaces}`, labels };
}

function portOf(port: Json): string {
  const end = port.end_port === undefined ? "" : `-${textOf(port.end_port)}`;
  return `${textOf(port.port ?? "any port")}${end}/${textOf(port.protocol ?? "TCP")}`;
}

function selector(value: unknown, what = "pods"): string {
  const { match_labels: labels, match_expressions: expressions } = block(value) ?? {};
  const parts = [
    ...Object.entries((labels ?? {}) as Json).map(([name, text]) => `${name}=${textOf(text)}`),
    ...blocks(expressions).map(({ key, operator, values }) =>
      `${textOf(key)} ${textOf(operator)} ${listOf(values).join(",")}`.trim(),
    ),
  ].sort();
  return parts.length > 0 ? `${what} ${parts.join(" and ")}` : `all ${what}`;
}

function block(value: unknown): Json | undefined {
  return blocks(value)[0];
}

/** Blocks of an attribute as a list. A single block may be written without a list. */
function blocks(value: unknown): Json[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).filter(
    (item) => typeof item === "object" && item !== null,
  ) as Json[];
}
