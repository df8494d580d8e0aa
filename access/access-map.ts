import { bootstrapIdentities } from "../analysis/vault/bootstrap";
import type { Permissions } from "../constructs/policy/acl";
import { directoryIdentities } from "../analysis/vault/directory";
import { type Identity, identityKey, NO_LIFETIME, type PolicyUse } from "../analysis/vault/identity";
import { loginIdentities } from "../analysis/vault/logins";
import { mergeIdentities } from "../analysis/vault/merge-identities";
import { readWrites } from "../analysis/vault/written-resources";
import { depth, samples, showTemplates } from "../constructs/policy/patterns";
import { type Grant, Policies, type Policy } from "../analysis/vault/policies";
import { isVaults, symbolicAcl } from "../analysis/vault/symbolic-acl";
import type { Environment } from "../analysis/terraform/synthesized";

/** Policy with rules on a pattern, and the origin of the rules. */
export interface Reason {
  /** Name of the policy. */
  readonly policy: string;
  /** Source of the policy, for example a group. @default - the identity itself */
  readonly via?: string;
  /** Path of the construct that writes the policy. */
  readonly writtenBy: string;
  /** Position in the source. @default - not recorded */
  readonly file?: string;
  /** Name of the stack. */
  readonly stack: string;
  /** Grants that produced the rules; none for a policy that was written as text. */
  readonly grants: readonly Grant[];
}

/** Permissions of an identity on the paths of one pattern. */
export interface Access {
  /** Pattern, with templates as written in the policy. */
  readonly pattern: string;
  /** Capabilities and their constraints. */
  readonly permissions: Permissions;
  /** Pattern that decides instead on all paths of this one. @default - this pattern decides */
  readonly shadowedBy?: string;
  /** Policies that give the permissions. */
  readonly why: readonly Reason[];
}

/** Policy with unknown content. */
export interface UnknownPolicy {
  /** Name of the policy. */
  readonly name: string;
  /** Reason why the content is unknown. */
  readonly problem: string;
  /** Source of the policy. @default - the code does not contain it */
  readonly source?: string;
}

/** Identity with the combined permissions of its policies. */
export interface IdentityAccess {
  /** Identity in the code. */
  readonly identity: Identity;
  /** True if the identity has the policy `root`. */
  readonly isRoot: boolean;
  /** Policies for evaluation, with paths relative to the identity's namespace. */
  readonly policies: readonly Policy[];
  /** Policies with unknown content. */
  readonly unknown: readonly UnknownPolicy[];
  /** Permissions, without those of Vault's policy `default`, which every token has. */
  readonly access: readonly Access[];
}

/** Permissions of all identities in the Vault of one environment. */
export interface AccessMap {
  /** Name of the environment. */
  readonly environment: string;
  /** Identities of the code. */
  readonly identities: readonly IdentityAccess[];
  /** Policies that no identity in the code has. Their holders are unknown. */
  readonly unattached: readonly IdentityAccess[];
  /** Policies of the code. */
  readonly policies: Policies;
  /** Notes on content that the analysis cannot read. */
  readonly notes: readonly string[];
}

/** Builds the access map of an environment. */
export function accessMap(written: Environment): AccessMap {
  const environment = readWrites(written);
  const policies = new Policies(environment);
  const identities = mergeIdentities([
    ...bootstrapIdentities(environment),
    ...loginIdentities(environment),
    ...directoryIdentities(environment),
  ]);
  return {
    environment: environment.name,
    identities: identities.map((identity) => accessOf(identity, policies)),
    unattached: unattached(identities, policies).map((identity) => accessOf(identity, policies)),
    policies,
    notes: [...environment.notes, ...policies.notes],
  };
}

function unattached(identities: readonly Identity[], policies: Policies): Identity[] {
  const keyOf = (namespace: string, name: string) =>
    identityKey(namespace, "sys/policies/acl", "policy", name);
  const used = new Set(
    identities.flatMap(({ namespace, policies: uses }) =>
      uses.map((use) => keyOf(use.namespace ?? namespace, use.name)),
    ),
  );
  return policies.all
    .map(({ name, namespace, writtenBy, file, stack }): Identity => ({
      key: keyOf(namespace, name),
      kind: "policy",
      namespace,
      mount: "sys/policies/acl",
      name,
      subject: `whoever has the policy ${name}`,
      policies: [{ name }],
      bindings: [],
      lifetime: NO_LIFETIME,
      writtenBy,
      file,
      stack,
    }))
    .filter(({ key }) => !used.has(key));
}

function accessOf(identity: Identity, policies: Policies): IdentityAccess {
  const found: Policy[] = [];
  const unknown: UnknownPolicy[] = [];
  for (const use of identity.policies) {
    const name = nameOf(use);
    const policy = policies.find(use.namespace ?? identity.namespace, use.name);
    const seen = policy && seenFrom(identity.namespace, policy, name);
    if (seen) found.push(seen);
    else if (policy) unknown.push({ name, problem: "it is of a namespace that is not below the identity's" });
    else if (name !== "root") unknown.push({ name, problem: "the code does not have it" });
    if (policy?.problem) unknown.push({ name, problem: policy.problem, source: policy.source });
  }
  const isRoot = identity.policies.some(({ name }) => name === "root");
  let access: Access[] | undefined;
  return {
    identity,
    isRoot,
    policies: found,
    unknown,
    // A comparison reads this property of few identities.
    get access() {
      return (access ??= isRoot ? [] : accessBy(identity, found));
    },
  };
}

/**
 * Name of a policy, with its namespace if that is not the identity's. Two namespaces may have policies of the same
 * name.
 */
function nameOf({ name, namespace }: PolicyUse): string {
  return namespace === undefined ? name : `${name} of namespace ${namespace || "root"}`;
}

/**
 * Policy as an identity in another namespace has it, with paths relative to that namespace.
 * @returns undefined if the policy does not apply there
 */
function seenFrom(own: string, policy: Policy, name: string): Policy | undefined {
  const { namespace, rules, grants } = policy;
  if (namespace === own) return policy;
  const prefix = own && `${own}/`;
  if (!namespace.startsWith(prefix)) return undefined;
  const within = namespace.slice(prefix.length);
  const at = <T extends { readonly path: string }>(one: T): T => ({ ...one, path: `${within}/${one.path}` });
  return { ...policy, name, rules: rules.map(at), grants: grants.map(at) };
}

function accessBy(identity: Identity, policies: readonly Policy[]): Access[] {
  const acl = symbolicAcl(policies);
  const all = acl.permissions;
  const most = Math.max(0, ...all.map(({ pattern }) => depth(pattern))) + 1;
  const own = new Set(policies.filter((policy) => !isVaults(policy)).map(({ name }) => name));
  return all
    .filter((permissions) => permissions.policies.some((name) => own.has(name)))
    .map((permissions) => {
      const { pattern } = permissions;
      const deciding = samples(pattern, pattern, most).map(({ path }) => acl.decide(path));
      const shadow = deciding.includes(permissions) ? undefined : deciding[0]?.pattern;
      return {
        pattern: showTemplates(pattern),
        permissions,
        ...(shadow !== undefined && { shadowedBy: showTemplates(shadow) }),
        why: reasonsOf(permissions, identity, policies),
      };
    });
}

/** Reasons for the permissions of an identity: the policies, with the grants that produced the rule. */
export function reasonsOf(
  { pattern, capabilities, policies: names }: Permissions,
  identity: Identity,
  policies: readonly Policy[],
): Reason[] {
  const shown = normal(showTemplates(pattern));
  return names.map((name) => {
    const { writtenBy, file, stack, grants } = policies.find((policy) => policy.name === name)!;
    const via = identity.policies.find((use) => nameOf(use) === name)?.via;
    return {
      policy: name,
      ...(via !== undefined && { via }),
      writtenBy,
      file,
      stack,
      grants: grantsFor(shown, capabilities, grants),
    };
  });
}

/** Grants on the pattern, and wider grants for capabilities that those do not give. A policy's rule combines both. */
function grantsFor(pattern: string, capabilities: readonly string[], grants: readonly Grant[]): Grant[] {
  const own = grants.filter(({ path }) => normal(path) === pattern);
  const given = own.flatMap((grant) => grant.capabilities);
  const missing = capabilities.filter((capability) => !given.includes(capability));
  const wider = grants.filter(
    (grant) =>
      !own.includes(grant) &&
      grant.capabilities.some((capability) => missing.includes(capability)) &&
      samples(pattern, normal(grant.path), 0)[0]?.label === pattern,
  );
  return [...own, ...wider];
}

/** Path without differences that Vault ignores: spaces in a template, and a slash at the start. */
function normal(path: string): string {
  return path.replace(/^\//, "").replace(/\{\{\s*(.*?)\s*\}\}/g, "{{$1}}");
}
