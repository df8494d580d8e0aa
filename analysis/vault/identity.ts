import type { Binding } from "./bindings";

/** `policy`: whoever has a policy that no identity in the code has. */
export type IdentityKind = "role" | "token role" | "user" | "group" | "mount" | "token" | "entity" | "policy";

/** How long a token lives, in seconds; 0 leaves it to the mount. */
export interface Lifetime {
  readonly ttl: number;
  readonly maxTtl: number;
  readonly explicitMaxTtl: number;
  /** Above 0, the token lives for ever as long as it is renewed within this time. */
  readonly period: number;
}

/** Who can act in Vault. */
export interface Identity {
  /** The same in another revision of the program. */
  readonly key: string;
  readonly kind: IdentityKind;
  readonly namespace: string;
  /** Such as `auth/kubernetes`; `identity` for entities and groups. */
  readonly mount: string;
  readonly name: string;
  /** Who it is outside Vault. */
  readonly subject: string;
  readonly policies: readonly PolicyUse[];
  readonly bindings: readonly Binding[];
  readonly lifetime: Lifetime;
  readonly writtenBy: string;
  /** Where in the program. @default - it was not recorded */
  readonly file?: string;
  readonly stack: string;
}

/** A policy that an identity has. */
export interface PolicyUse {
  readonly name: string;
  /** What it comes by, such as a group. @default - the identity itself */
  readonly via?: string;
  /** Namespace of Vault Enterprise that the policy is in. @default - the identity's own */
  readonly namespace?: string;
}

export const NO_LIFETIME: Lifetime = { ttl: 0, maxTtl: 0, explicitMaxTtl: 0, period: 0 };

export function identityKey(namespace: string, mount: string, kind: IdentityKind, name: string): string {
  return `${namespace && `${namespace}/`}${mount} ${kind} ${name}`;
}
