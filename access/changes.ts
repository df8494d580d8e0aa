/** Risk labels of changes. All labels except `new identity` count as dangerous. */
export const LABELS = [
  /** The policy `root`, which no policy limits; an administrator of Kubernetes or AWS. */
  "root",
  /** A pattern that matches names of other owners, or a condition that every login meets. */
  "wildcard",
  /** Root-protected paths. */
  "sudo",
  /** The capability `delete`. */
  "delete",
  /** Write access to policies, roles, auth mounts, entities or groups, which define permissions. */
  "policy write",
  /** The systems that authenticate a login: an identity provider, a cluster, a second factor. */
  "trust",
  /** Write access to audit devices, which record the requests. */
  "audit write",
  /** Snapshots and raw storage, which contain all data. */
  "whole storage",
  /** Access from one namespace of Kubernetes or Vault to another. */
  "cross-namespace",
  /** A token that can be renewed without limit. */
  "no end",
  /** SQL that creates an administrator of the database, or permits a login to pass on its permissions. */
  "database admin",
  /** A policy with unknown content. */
  "unreadable",
  /** The loss of an object that Terraform cannot recreate. */
  "destroys",
  /** An identity that the earlier revision does not have. */
  "new identity",
] as const;
/** Risk label of a change. */
export type Label = (typeof LABELS)[number];

/** Effect on access. `wider`: more access than before; `changed`: the effect is unknown. */
export type Direction = "wider" | "narrower" | "changed";

/** Kinds of changes. */
export const CHANGE_KINDS = [
  "destruction",
  "identity",
  "capability",
  "login",
  "lifetime",
  "credentials",
  "network",
  "elsewhere",
] as const;
/** Kind of a change. */
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** One difference between two revisions of the CDK app. */
export interface Change {
  /** Kind of the change. */
  readonly kind: ChangeKind;
  /** Effect on access. */
  readonly direction: Direction;
  /** Identity or object that changes. */
  readonly subject: string;
  /** Description of the change. Equal changes have equal descriptions; texts from the CDK app are marked. */
  readonly what: string;
  /** Risk labels. */
  readonly labels: readonly Label[];
  /** Path of the construct, and further lines such as reasons or SQL. */
  readonly details: readonly string[];
}

/** Returns true if one of the labels counts as dangerous. */
export function isDangerous({ labels }: Change): boolean {
  return labels.some((label) => label !== "new identity");
}

/** Labels in the order of LABELS, without duplicates. */
export function sortLabels(labels: readonly Label[]): Label[] {
  return LABELS.filter((label) => labels.includes(label));
}

/** Pairs of items with the same key: in the order of the later list, followed by removed items. */
export function pairUp<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (item: T) => string,
): { readonly key: string; readonly before?: T; readonly after?: T }[] {
  const earlier = new Map(before.map((item) => [keyOf(item), item]));
  const later = new Map(after.map((item) => [keyOf(item), item]));
  return [
    ...[...later].map(([key, item]) => ({ key, before: earlier.get(key), after: item })),
    ...[...earlier].filter(([key]) => !later.has(key)).map(([key, item]) => ({ key, before: item })),
  ];
}
