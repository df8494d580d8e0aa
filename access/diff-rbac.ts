import { DEFAULT_OBJECTS } from "../analysis/kubernetes/default-roles";
import type { KubernetesObject } from "../analysis/kubernetes/objects";
import {
  type Binding,
  type Rbac,
  type RoleReference,
  type Subject,
  keyOfRole,
} from "../analysis/kubernetes/rbac";
import { type Right, type Rights, describeRights, rightsOf, uncovered } from "../analysis/kubernetes/rights";
import { type Change, type Label, pairUp, sortLabels } from "./changes";
import { some } from "./format";
import type { Cluster } from "./kubernetes-cluster";
import { mark } from "./markdown";

/** Lines in a row; the details have all of them. */
const MOST_LINES = 4;

/** Rights of a role of every cluster that are shown one by one. */
const MOST_RIGHTS = 20;

/** Groups that everyone or every program is in, and the user without a login. */
const EVERYONE = /^(Group system:(authenticated|unauthenticated|serviceaccounts)|User system:anonymous)$/;

/** Holder of rights: a subject of bindings, subjects that are not known, or whoever is bound to a role elsewhere. */
interface Holder {
  readonly key: string;
  readonly bindings: readonly Binding[];
  /** All bindings that apply to the holder, for example those of its groups. */
  readonly effective: readonly Binding[];
  /** Labels of all rights that the holder gains. */
  readonly labels: readonly Label[];
}

/**
 * Changes to rights in the Kubernetes API, by subject. Two spellings of the same rights are no change.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
export function rbacChanges(was: Cluster, is: Cluster): Change[] {
  const bound = new Set(
    [...was.rbac.bindings, ...is.rbac.bindings].filter(isBound).map(({ role }) => role && keyOfRole(role)),
  );
  const roles = [...was.rbac.roles, ...is.rbac.roles, ...AGGREGATED].filter(
    (role) => !bound.has(keyOfRole(role)),
  );
  return pairUp(holdersOf(was.rbac, roles), holdersOf(is.rbac, roles), ({ key }) => key).flatMap(
    ({ key, before: earlier, after: later }) => holderChanges(key, earlier, later, was, is),
  );
}

const DEFAULT_ROLES = DEFAULT_OBJECTS.filter(({ kind }) => kind === "ClusterRole").map(({ name }) => name);
const AGGREGATED: readonly RoleReference[] = ["admin", "edit", "view"].map((name) => ({
  kind: "ClusterRole",
  name,
}));

function isBound({ subjects, isComplete }: Binding): boolean {
  return subjects.length > 0 || !isComplete;
}

function holdersOf(rbac: Rbac, unbound: readonly RoleReference[]): Holder[] {
  const subjects = new Map<string, { subject: Subject; bindings: Set<Binding> }>();
  for (const binding of rbac.bindings) {
    for (const subject of binding.subjects) {
      const known = subjects.get(keyOf(subject));
      if (known) known.bindings.add(binding);
      else subjects.set(keyOf(subject), { subject, bindings: new Set([binding]) });
    }
  }
  return [
    ...[...subjects].map(([key, { subject, bindings }]) => ({
      key,
      bindings: [...bindings],
      effective: rbac.bindingsOf(subject),
      labels: EVERYONE.test(key) ? (["wildcard"] as const) : [],
    })),
    ...rbac.bindings
      .filter(({ isComplete }) => !isComplete)
      .map((binding) => ({
        key: `subjects of ${nameOf(binding.object)} that are not known`,
        bindings: [binding],
        effective: [binding],
        labels: ["unreadable" as const],
      })),
    ...unbound.flatMap((role) => {
      const definitions = rbac.definitionsOf(role);
      if (definitions.length === 0) return [];
      const binding = {
        object: definitions[0],
        role,
        namespace: role.namespace,
        subjects: [],
        isComplete: true,
      };
      return [{ key: keyOfRole(role), bindings: [binding], effective: [binding], labels: [] }];
    }),
  ];
}

function keyOf({ kind, name, namespace }: Subject): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

function nameOf({ kind, name, namespace }: KubernetesObject): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

function holderChanges(
  subject: string,
  before: Holder | undefined,
  after: Holder | undefined,
  was: Cluster,
  is: Cluster,
): Change[] {
  const rights = (cluster: Cluster, bindings: readonly Binding[] = []) => rightsOf(cluster.rbac, bindings);
  const [earlier, later] = [rights(was, before?.bindings), rights(is, after?.bindings)];
  // A subject that is in no binding any more may still have rights by its groups.
  const all = (cluster: Cluster, holder: Holder | undefined, other: Holder | undefined) =>
    rights(cluster, holder?.effective ?? effectiveLike(cluster, other));
  const remaining = all(is, after, before);
  const gained = linesOf(uncovered(later.grants, all(was, before, after).grants), is);
  const lost = linesOf(uncovered(earlier.grants, remaining.grants), is);
  const details = after ? placesOf(is, after) : placesOf(was, before);
  const row = (
    direction: Change["direction"],
    sign: string,
    lines: readonly Line[],
    labels: readonly Label[],
  ) => {
    if (lines.length === 0) return [];
    const texts = lines.map(({ text }) => text);
    return [
      {
        kind: "elsewhere",
        subject,
        direction,
        what: `${sign} ${some(texts.map(mark), MOST_LINES)}`,
        labels: sortLabels(labels),
        details: [...texts.map((text) => mark(`${sign} ${text}`)), ...details],
      } satisfies Change,
    ];
  };
  const [grave, plain] = [gained.filter(isGrave), gained.filter((line) => !isGrave(line))];
  return [
    ...row("wider", "+", grave, [...grave.flatMap(({ labels }) => labels), ...(after?.labels ?? [])]),
    ...row("wider", "+", plain, after?.labels ?? []),
    ...row(remaining.unknown.length > 0 ? "changed" : "narrower", "-", lost, []),
    ...unknownChanges(earlier, later).map((it): Change => ({ kind: "elsewhere", subject, ...it, details })),
  ];
}

function placesOf({ rbac, placeOf: place }: Cluster, holder: Holder | undefined): string[] {
  const objects = (holder?.bindings ?? []).flatMap(({ object, role }) => [
    object,
    ...(role ? rbac.definitionsOf(role) : []),
  ]);
  return [...new Set(objects.flatMap((object) => place(object) ?? []))];
}

/** Bindings of a subject in the revision whose bindings do not name it. Other holders do not exist there. */
function effectiveLike({ rbac }: Cluster, other: Holder | undefined): readonly Binding[] {
  const subject = other?.bindings
    .flatMap(({ subjects }) => subjects)
    .find((candidate) => keyOf(candidate) === other.key);
  return subject ? rbac.bindingsOf(subject) : [];
}

function unknownChanges(before: Rights, after: Rights): Pick<Change, "direction" | "what" | "labels">[] {
  const added = [...new Set(after.unknown)].filter((text) => !before.unknown.includes(text));
  const removed = [...new Set(before.unknown)].filter((text) => !after.unknown.includes(text));
  return [
    ...added.map((text) => ({
      direction: "changed" as const,
      what: `+ rights that are not known: ${mark(text)}`,
      labels: ["unreadable" as const],
    })),
    ...removed.map((text) => ({
      direction: "changed" as const,
      what: `- rights that are not known: ${mark(text)}`,
      labels: [],
    })),
  ];
}

/** Rights in one line, with their labels. */
interface Line {
  readonly text: string;
  readonly labels: readonly Label[];
}

function isGrave({ labels }: Line): boolean {
  return labels.length > 0;
}

/** Lines of rights: dangerous ones apart from others. Many rights of a role of every cluster share one line. */
function linesOf(rights: readonly Right[], cluster: Cluster): Line[] {
  const labelsOf = (right: Right) => cluster.labelsOf(right);
  const groups = new Map<string, Right[]>();
  for (const right of rights) {
    const { role, namespace } = right;
    const isDefault = role.kind === "ClusterRole" && DEFAULT_ROLES.includes(role.name);
    const key = isDefault ? `rights of ${keyOfRole(role)} in ${namespace ?? "the whole cluster"}` : "";
    groups.set(key, [...(groups.get(key) ?? []), right]);
  }
  return [...groups].flatMap(([key, list]) => {
    if (key !== "" && list.length > MOST_RIGHTS) {
      return [{ text: key, labels: list.flatMap(labelsOf) }];
    }
    const bySeverity = [
      list.filter((right) => labelsOf(right).length > 0),
      list.filter((right) => labelsOf(right).length === 0),
    ];
    return bySeverity.flatMap((part) => {
      const labels = part.flatMap(labelsOf);
      return describeRights(part).map((text) => ({ text, labels }));
    });
  });
}
