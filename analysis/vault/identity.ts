import type { Binding } from "./bindings";

/** Kind of an identity. `policy` represents the holders of a policy that no identity in the code has. */
export type IdentityKind = "role" | "token role" | "user" | "group" | "mount" | "token" | "entity" | "policy";

/** TTLs of a token, in seconds. 0 means the default of the mount. */
export interface Lifetime {
  /** Initial TTL. */
  readonly ttl: number;
  /** Maximum TTL, renewals included. */
  readonly maxTtl: number;
  /** Maximum TTL that also limits periodic tokens. */
  readonly explicitMaxTtl: number;
  /** Renewal period. Above 0, the token never expires as long as it is renewed within this time. */
  readonly period: number;
}

/** Subject that can act in Vault, such as a role, a user or a group. */
export interface Identity {
  /** Key that is the same in every revision of the CDK app. */
  readonly key: string;
  /** Kind of the subject. */
  readonly kind: IdentityKind;
  /** Namespace of Vault Enterprise; "" is the root namespace. */
  readonly namespace: string;
  /** Mount of the login, for example `auth/kubernetes`; `identity` for entities and groups. */
  readonly mount: string;
  /** Name in Vault. */
  readonly name: string;
  /** Subject outside Vault. */
  readonly subject: string;
  /** Policies of its tokens. */
  readonly policies: readonly PolicyUse[];
  /** Conditions of the login. */
  readonly bindings: readonly Binding[];
  /** TTLs of its tokens. */
  readonly lifetime: Lifetime;
  /** Path of the construct that creates it. */
  readonly writtenBy: string;
  /** Position in the source. @default - not recorded */
  readonly file?: string;
  /** Name of the stack. */
  readonly stack: string;
}

/** Policy of an identity. */
export interface PolicyUse {
  /** Name of the policy. */
  readonly name: string;
  /** Source of the policy, for example a group. @default - the identity itself */
  readonly via?: string;
  /** Namespace of Vault Enterprise that contains the policy. @default - the identity's namespace */
  readonly namespace?: string;
}

/** TTLs of an identity that has only the defaults of its mount. */
export const NO_LIFETIME: Lifetime = { ttl: 0, maxTtl: 0, explicitMaxTtl: 0, period: 0 };

/** Key of an identity: namespace, mount, kind and name. */
export function identityKey(namespace: string, mount: string, kind: IdentityKind, name: string): string {
  return `${namespace && `${namespace}/`}${mount} ${kind} ${name}`;
}
