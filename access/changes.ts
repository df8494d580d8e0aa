/** Why a change wants a second look. All but `new identity` count as dangerous. */
export const LABELS = [
  /** The policy `root`, which no policy limits; an administrator of Kubernetes or AWS. */
  "root",
  /** A pattern that reaches names of others, or a condition that anyone meets. */
  "wildcard",
  /** Root-protected paths. */
  "sudo",
  "delete",
  /** Policies, roles, mounts of auth methods, entities and groups: who may do what. */
  "policy write",
  /** Who vouches for a login: an identity provider, a cluster, a second factor. */
  "trust",
  /** Audit devices: what is recorded. */
  "audit write",
  /** Snapshots and raw storage: everything at once. */
  "whole storage",
  /** A namespace reaches into another one, of Kubernetes or of Vault. */
  "cross-namespace",
  /** A token that can be renewed for ever. */
  "no end",
  /** SQL that makes an administrator of the database, or hands rights on. */
  "database admin",
  /** A policy of which nothing is known. */
  "unreadable",
  /** Something is gone that Terraform cannot make again. */
  "destroys",
  "new identity",
] as const;
export type Label = (typeof LABELS)[number];

/** `wider`: more can be done than before; `changed`: it cannot be said. */
export type Direction = "wider" | "narrower" | "changed";

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
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** One difference between two revisions of the program. */
export interface Change {
  readonly kind: ChangeKind;
  readonly direction: Direction;
  /** Whom or what it concerns. */
  readonly subject: string;
  /** What became of it, the same words for the same change; texts of the program are marked. */
  readonly what: string;
  readonly labels: readonly Label[];
  /** Path of the construct, and further lines such as reasons or SQL. */
  readonly details: readonly string[];
}

export function isDangerous({ labels }: Change): boolean {
  return labels.some((label) => label !== "new identity");
}

/** Labels in their order, each once. */
export function sortLabels(labels: readonly Label[]): Label[] {
  return LABELS.filter((label) => labels.includes(label));
}

/** What the two have, by their keys: pairs in the order of the later, then what is gone. */
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
