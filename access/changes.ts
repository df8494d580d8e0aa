/** Risk labels of changes. All labels except those of HARMLESS_LABELS count as dangerous. */
export const LABELS = [
  /** A hardening rule at the level `error` that no longer applies at a construct. */
  "suppression",
  /** Use or control of the key that unseals Vault. */
  "unseal key",
  /** Use or control of the recovery shares, or of the key that encrypts them. */
  "recovery shares",
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
  /** A denial, a condition, a limit, a lock or a waiting period that vanishes. */
  "protection",
  /** An AWS account outside the platform. */
  "foreign account",
  /** The systems that authenticate a login: an identity provider, a cluster, a second factor. */
  "trust",
  /** Write access to audit devices, which record the requests. */
  "audit write",
  /** Snapshots and raw storage, which contain all data. */
  "whole storage",
  /** Operation of Vault: seal, root token, mounts, plugins, settings, quotas, replication. */
  "server",
  /** Private keys, and certificates that no role limits: export, backup, certificate authorities. */
  "key material",
  /** Configuration and roles of secrets engines, which decide on the credentials that they give. */
  "engine config",
  /** Tokens, leases and secret ids of other identities. */
  "tokens",
  /** A template in a path, whose value can be a wildcard or empty. */
  "template",
  /** Secrets of Kubernetes, which programs read without Vault. */
  "cluster secrets",
  /** Programs in pods of others, or at Vault, and what such pods execute. */
  "runs code",
  /** Requests in the name of another user or ServiceAccount. */
  "impersonates",
  /** Access from one namespace of Kubernetes or Vault to another. */
  "cross-namespace",
  /** A token that can be renewed without limit. */
  "no end",
  /** SQL that creates an administrator of the database, or permits a login to pass on its permissions. */
  "database admin",
  /** A policy with unknown content. */
  "unreadable",
  /** A login whose token has dangerous permissions, and that other people or programs can use than before. */
  "powerful login",
  /** Access to the secrets, credentials or keys of another service. */
  "other owner",
  /** The loss of an object that Terraform cannot recreate. */
  "destroys",
  /** Code from outside the repository, or a program that runs with the permissions of the pipeline. */
  "foreign code",
  /** A part of the output that the analysis does not read, and that can give access. */
  "unknown access",
  /** A part of the output with an effect that the analysis does not know. */
  "not analysed",
  /** An identity that the earlier revision does not have. */
  "new identity",
] as const;
/** Risk label of a change. */
export type Label = (typeof LABELS)[number];

/** Labels that do not count as dangerous by themselves. */
const HARMLESS_LABELS: readonly Label[] = ["not analysed", "new identity"];

/**
 * Effect on access. `wider`: more access than before; `changed`: the effect is unknown; `same`: access is unchanged, and
 * something else is not, such as a schedule.
 */
export type Direction = "wider" | "narrower" | "changed" | "same";

/** Kinds of changes. */
export const CHANGE_KINDS = [
  "suppression",
  "destruction",
  "identity",
  "capability",
  "login",
  "lifetime",
  "credentials",
  "vault",
  "network",
  "elsewhere",
  "unread",
  "operation",
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
  /** Service and team of the subject. @default - not known */
  readonly owner?: Owner;
  /** Service and team whose secrets, credentials or keys the change concerns. @default - not known */
  readonly concerns?: Owner & {
    /** Plural noun for the objects, such as `secrets`. */
    readonly objects: string;
  };
  /** Identities that had this access before the change, apart from those that can access everything. @default - none */
  readonly untilNow?: readonly string[];
  /** Further statements for reviewers, such as instructions; texts from the CDK app are marked. @default - none */
  readonly remarks?: readonly string[];
  /** Capabilities that the subject gains on the paths of a pattern. @default - none */
  readonly gain?: Gain;
}

/** Capabilities that an identity gains. */
export interface Gain {
  /** Pattern in the namespace of the identity. */
  readonly path: string;
  /** Gained capabilities. */
  readonly capabilities: readonly string[];
}

/** Owner of an identity or of an object. */
export interface Owner {
  /** Name of the service. */
  readonly service: string;
  /** Name of the team. @default - not known */
  readonly team?: string;
}

/** Returns true if one of the labels counts as dangerous. */
export function isDangerous({ labels }: Pick<Change, "labels">): boolean {
  return labels.some((label) => !HARMLESS_LABELS.includes(label));
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

/** Two revisions of an item. At least one of the two is there. */
export interface Revisions<T> {
  /** Earlier item. @default - it is new */
  readonly before?: T;
  /** Later item. @default - it is gone */
  readonly after?: T;
}

/**
 * Pairs of items, of which several can describe one object. Each later item is compared: with the one at the same
 * address, with one that is gone, or with another one of the object.
 */
export function pairShared<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (item: T) => string,
  addressOf: (item: T) => string,
): Revisions<T>[] {
  const groups = new Map<string, { readonly earlier: T[]; readonly later: T[] }>();
  const groupOf = (item: T) => {
    const key = keyOf(item);
    const group = groups.get(key) ?? { earlier: [], later: [] };
    groups.set(key, group);
    return group;
  };
  for (const item of after) groupOf(item).later.push(item);
  for (const item of before) groupOf(item).earlier.push(item);
  return [...groups.values()].flatMap(({ earlier, later }): Revisions<T>[] => {
    const same = new Map(
      later.map((item) => [item, earlier.find((was) => addressOf(was) === addressOf(item))]),
    );
    const gone = earlier.filter((was) => ![...same.values()].includes(was));
    return [
      ...later.map((item) => ({ before: same.get(item) ?? gone.shift() ?? earlier[0], after: item })),
      ...gone.map((was) => ({ before: was })),
    ];
  });
}
