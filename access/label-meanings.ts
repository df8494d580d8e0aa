import type { Change, Label } from "./changes";

/** Explanation of a label for reviewers, and its weight for the order of rows. */
interface Meaning {
  /** Statement about a change with the label. */
  readonly text: string;
  /** Severity. The weights of all labels of a change add up. */
  readonly weight: number;
}

const MEANINGS: Readonly<Record<Label, Meaning>> = {
  suppression: { text: "a check that stops unsafe definitions is switched off at a place", weight: 1000 },
  root: { text: "allows everything in Vault, in the cluster or in the AWS account", weight: 100 },
  "unseal key": { text: "uses or controls the key that opens all data of Vault", weight: 90 },
  "recovery shares": { text: "uses or controls the shares that make a root token", weight: 80 },
  "whole storage": { text: "reads or replaces all data of Vault", weight: 80 },
  "key material": { text: "reads private keys, or signs without the limits of a role", weight: 70 },
  server: { text: "operates Vault itself, such as its seal, mounts and plugins", weight: 60 },
  sudo: { text: "opens paths that Vault reserves for administrators", weight: 60 },
  "policy write": { text: "can grant permissions, also to itself", weight: 60 },
  "powerful login": { text: "admits others to a login with dangerous permissions", weight: 60 },
  unreadable: { text: "grants permissions that cannot be read here, so they may be any", weight: 50 },
  protection: { text: "takes away a denial, a condition, a limit or a lock", weight: 50 },
  "foreign account": { text: "admits an AWS account outside the platform", weight: 50 },
  trust: { text: "changes which system decides about logins", weight: 40 },
  "runs code": { text: "runs programs next to Vault, or in pods of others", weight: 60 },
  impersonates: { text: "acts as another user or ServiceAccount", weight: 60 },
  "cluster secrets": { text: "reads Secrets of Kubernetes", weight: 50 },
  "audit write": { text: "can switch off the record of requests", weight: 40 },
  destroys: { text: "loses data that Terraform cannot restore", weight: 40 },
  "database admin": { text: "creates administrators of a database", weight: 40 },
  "engine config": { text: "decides which credentials a secrets engine gives", weight: 40 },
  tokens: { text: "reads or ends tokens and leases of others", weight: 30 },
  template: { text: "reaches a path by a value that others can choose", weight: 30 },
  "other owner": { text: "reaches secrets, credentials or keys of another service", weight: 30 },
  wildcard: { text: "reaches names of others, or admits anyone", weight: 30 },
  "cross-namespace": { text: "reaches from one namespace into another", weight: 20 },
  "no end": { text: "creates tokens that can be renewed without limit", weight: 20 },
  delete: { text: "can delete", weight: 10 },
  "foreign code": {
    text: "runs code from outside the repository with the permissions of the pipeline",
    weight: 60,
  },
  "unknown access": { text: "can give access, and is not read here; read it yourself", weight: 45 },
  "not analysed": { text: "has an effect that is not known here; read it yourself", weight: 2 },
  "new identity": { text: "adds a login, and is not dangerous by itself", weight: 1 },
};

/** Statement about a change with the label, for reviewers who do not know Vault. */
export function meaningOf(label: Label): string {
  return MEANINGS[label].text;
}

/** Anchor of the label in docs/access.md. */
export function anchorOf(label: Label): string {
  return `label-${label.replaceAll(" ", "-")}`;
}

/** Severity by labels, for the order of rows. */
export function weightOf({ labels }: Pick<Change, "labels">): number {
  return labels.reduce((sum, label) => sum + MEANINGS[label].weight, 0);
}
