import { type Answer, all } from "../../analysis/kubernetes/answers";
import {
  type Admission,
  type Direction,
  type NetworkPolicy,
  networkPoliciesOf as policiesOf,
} from "../../analysis/kubernetes/network";
import { RangeSet } from "../../analysis/kubernetes/ranges";
import { matchesLabels } from "../../analysis/kubernetes/selectors";
import type { Element } from "../element";
import { memo } from "../memo";
import type { Platform } from "../platform";
import { block, text } from "./blocks";
import { blockAt, valueAt } from "./helm";
import { sourceOf } from "./kubernetes-objects";
import type { Server } from "./servers";

export type { NetworkPolicy };

/** Network policies of an element: the typed resource, manifests, values of charts, and that of Vault's chart. */
export const networkPoliciesOf = memo((element: Element): NetworkPolicy[] => policiesOf(sourceOf(element)));

/** Policies of a platform that isolate servers in a direction, or perhaps do. */
export function policiesOfServers(
  platform: Platform,
  server: Server,
  direction: Direction,
): { policy: NetworkPolicy; isolates: Answer }[] {
  return platform.elements.flatMap((element) =>
    networkPoliciesOf(element).flatMap((policy) => {
      const isolates = all([
        policy.directions.includes(direction) && policy.namespace === server.namespace ? "yes" : "no",
        () => selectsServers(policy, server),
        element.existence === "perhaps" ? "unknown" : "yes",
      ]);
      return isolates === "no" ? [] : [{ policy, isolates }];
    }),
  );
}

/** Decides whether a policy selects servers, by the labels of Vault's chart. */
function selectsServers({ object }: NetworkPolicy, { release }: Server): Answer {
  const selector = block(block(object.body.spec).podSelector);
  const labels = {
    "app.kubernetes.io/name": text(release && valueAt(release.values, "nameOverride")) ?? "vault",
    "app.kubernetes.io/instance": release?.name,
    component: "server",
    ...(release && blockAt(release.values, "server.extraLabels")),
  };
  if (release) return matchesLabels(selector, labels);
  // Servers without the chart have labels that only their pods show: those of a policy count as theirs.
  const own = block(selector.matchLabels);
  return matchesLabels(selector, { ...own, "app.kubernetes.io/name": "vault", component: "server" });
}

/** Decides whether an admission contains an address at a TCP port. */
export function admits({ kind, ranges, ports }: Admission, address: string, port: number): Answer {
  const isPort = ports.name === undefined && ports.first <= port && port <= ports.last;
  if (!isPort || !["any", "TCP"].includes(ports.protocol)) return "no";
  if (kind === "unknown") return "unknown";
  const bits = address.includes(":") ? 128 : 32;
  const single = RangeSet.parse(`${address}/${bits}`)!;
  return kind === "anyone" || (kind === "range" && ranges.covers(single)) ? "yes" : "no";
}
