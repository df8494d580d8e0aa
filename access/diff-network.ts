import {
  type Admission,
  type Direction,
  type NetworkPolicy,
  networkPoliciesOf,
  selectsAll,
} from "../analysis/kubernetes/network";
import { vaultNamespacesIn } from "../analysis/kubernetes/objects";
import { reachesWorld, unadmitted } from "../analysis/kubernetes/reach";
import { placeOf } from "../analysis/terraform/sources";
import type { Environment } from "../analysis/terraform/synthesized";
import { type Change, type Label, sortLabels } from "./changes";
import { pairObjects } from "./kubernetes-cluster";
import { mark } from "./markdown";

type Row = Pick<Change, "direction" | "what" | "labels">;

/** Network policies of one revision. */
interface Network {
  readonly policies: readonly NetworkPolicy[];
  /** Policies that do not depend on an unknown number. */
  readonly certain: readonly NetworkPolicy[];
  readonly details: ReadonlyMap<NetworkPolicy, readonly string[]>;
}

const DIRECTIONS: readonly Direction[] = ["Ingress", "Egress"];

/**
 * Changes to the network access of pods. A policy blocks all traffic of the pods that it selects except the traffic
 * that it or another policy admits. Pods that no policy selects are open, so a new policy restricts.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function networkChanges(before: Environment, after: Environment): Change[] {
  const [was, is] = [networkOf(before), networkOf(after)];
  const vaultNamespaces = vaultNamespacesIn([...before.resources, ...after.resources]);
  return pairObjects(was.policies, is.policies, keyOf).flatMap(({ key, before: earlier, after: later }) => {
    const details = is.details.get(later!) ?? was.details.get(earlier!) ?? [];
    const atVault = vaultNamespaces.has((later ?? earlier)!.namespace);
    const rows = DIRECTIONS.flatMap((direction) => [
      ...gains(direction, earlier, later, was.policies, atVault),
      ...losses(direction, earlier, later, is.certain),
    ]);
    const once = rows.filter(({ what }, index) => rows.findIndex((row) => row.what === what) === index);
    return [...once, ...selectorRows(earlier, later, once)].map((row): Change => ({
      ...row,
      kind: "network",
      subject: key,
      labels: sortLabels(row.labels),
      details: [...details],
    }));
  });
}

function networkOf({ resources }: Environment): Network {
  const details = new Map<NetworkPolicy, readonly string[]>();
  const certain: NetworkPolicy[] = [];
  for (const resource of resources) {
    for (const policy of networkPoliciesOf(resource)) {
      details.set(policy, [placeOf(resource)]);
      if (resource.existence === "yes") certain.push(policy);
    }
  }
  return { policies: [...details.keys()], certain, details };
}

function keyOf({ namespace, name }: NetworkPolicy): string {
  return `network policy ${namespace}/${name}`;
}

/** Policies that isolate all pods of another one in a direction. */
function isolating(all: readonly NetworkPolicy[], of: NetworkPolicy, direction: Direction): NetworkPolicy[] {
  return all.filter(
    ({ namespace, selector, directions }) =>
      namespace === of.namespace && directions.includes(direction) && selectsAll(selector, of.selector),
  );
}

function admissionsOf(policies: readonly NetworkPolicy[], direction: Direction): Admission[] {
  return policies.flatMap(({ admissions }) =>
    admissions.filter((admission) => admission.direction === direction),
  );
}

function gains(
  direction: Direction,
  was: NetworkPolicy | undefined,
  is: NetworkPolicy | undefined,
  earlier: readonly NetworkPolicy[],
  atVault: boolean,
): Row[] {
  if (!is?.directions.includes(direction)) return [];
  const own = admissionsOf([is], direction);
  const isolated = isolating(earlier, is, direction);
  // Pods of others, which a policy isolates already, get the new access as well.
  const concernsOthers = earlier.some(
    ({ namespace, selector, directions }) =>
      namespace === is.namespace && directions.includes(direction) && selectsAll(is.selector, selector),
  );
  const isGrave = was !== undefined || atVault || concernsOthers;
  const labels = (admission: Admission) => (isGrave ? labelsOf(admission, own) : []);
  if (isolated.length === 0 && !was?.directions.includes(direction)) {
    const admitted = own.map(describe);
    const open = atVault
      ? own.flatMap((admission) => labelsOf(admission, own)).filter((label) => label !== "cross-namespace")
      : [];
    const what = `+ ${direction} is restricted to: ${admitted.map(mark).join(", ") || "nothing"}`;
    return [{ direction: "narrower", what, labels: open }];
  }
  return unadmitted(own, admissionsOf(isolated, direction)).map((admission) => ({
    direction: "wider",
    what: `+ ${mark(describe(admission))}`,
    labels: labels(admission),
  }));
}

function losses(
  direction: Direction,
  was: NetworkPolicy | undefined,
  is: NetworkPolicy | undefined,
  later: readonly NetworkPolicy[],
): Row[] {
  if (!was?.directions.includes(direction)) return [];
  const isolated = isolating(later, was, direction);
  if (isolated.length > 0) {
    return unadmitted(admissionsOf([was], direction), admissionsOf(isolated, direction)).map((admission) => ({
      direction: "narrower",
      what: `- ${mark(describe(admission))}`,
      labels: [],
    }));
  }
  const what = !is
    ? "- the policy: pods that no other one selects are open"
    : is.directions.includes(direction)
      ? selectorOf(was) === selectorOf(is)
        ? "perhaps the policy is gone: its `count` or `for_each` is not known"
        : `${selectorChange(was, is)}: pods that no policy selects any more are open`
      : `- ${direction}: that direction is open for pods that no other policy selects`;
  return [{ direction: "wider", what, labels: ["wildcard"] }];
}

/** Row of a changed selector, if no other row shows it. */
function selectorRows(
  was: NetworkPolicy | undefined,
  is: NetworkPolicy | undefined,
  rows: readonly Row[],
): Row[] {
  if (!was || !is || selectorOf(was) === selectorOf(is)) return [];
  const what = selectorChange(was, is);
  return rows.some((row) => row.what.startsWith(what)) ? [] : [{ direction: "changed", what, labels: [] }];
}

function selectorChange(was: NetworkPolicy, is: NetworkPolicy): string {
  return `${mark(selectorOf(was))} -> ${mark(selectorOf(is))}`;
}

function selectorOf({ selector }: NetworkPolicy): string {
  return selector.length > 0 ? `pods ${selector.join(" and ")}` : "all pods";
}

function describe({ direction, peer, ports }: Admission): string {
  return `${direction === "Ingress" ? "from" : "to"} ${peer} at ${ports.text}`;
}

function labelsOf(admission: Admission, all: readonly Admission[]): Label[] {
  const { kind, namespaces } = admission;
  if (kind === "unknown") return ["unreadable"];
  if (kind === "anyone" || reachesWorld(admission, all)) return ["wildcard"];
  if (namespaces === undefined) return [];
  return namespaces.length === 0 ? ["wildcard", "cross-namespace"] : ["cross-namespace"];
}
