import { bootstrapIdentities } from "../analysis/vault/bootstrap";
import type { Permissions } from "../constructs/policy/acl";
import { directoryIdentities } from "../analysis/vault/directory";
import { type Identity, identityKey, NO_LIFETIME, type PolicyUse } from "../analysis/vault/identity";
import { loginIdentities } from "../analysis/vault/logins";
import { depth, samples, showTemplates } from "../constructs/policy/patterns";
import { type Grant, Policies, type Policy } from "../analysis/vault/policies";
import { isVaults, symbolicAcl } from "../analysis/vault/symbolic-acl";
import type { Environment } from "../analysis/terraform/synthesized";

/** What a policy says on a pattern, and why. */
export interface Reason {
  readonly policy: string;
  /** What the policy comes by, such as a group. @default - the identity itself */
  readonly via?: string;
  /** Path of the construct that writes the policy. */
  readonly writtenBy: string;
  readonly file?: string;
  readonly stack: string;
  /** Grants that made the rule. @default - none is recorded, the policy was written as text */
  readonly grants: readonly Grant[];
}

/** What an identity can do on the paths of one pattern. */
export interface Access {
  /** With templates as they were written. */
  readonly pattern: string;
  readonly permissions: Permissions;
  /** Pattern that Vault goes by instead, on all paths of this one. */
  readonly shadowedBy?: string;
  readonly why: readonly Reason[];
}

/** A policy of which nothing is known. */
export interface UnknownPolicy {
  readonly name: string;
  readonly problem: string;
  /** What it is made of. @default - the code does not have it */
  readonly source?: string;
}

/** An identity with all that its policies allow together. */
export interface IdentityAccess {
  readonly identity: Identity;
  readonly isRoot: boolean;
  /** Policies as they count, for the engine. */
  readonly policies: readonly Policy[];
  readonly unknown: readonly UnknownPolicy[];
  /** Without the policy `default` of Vault itself, which is every token's. */
  readonly access: readonly Access[];
}

/** Who can do what in the Vault of one environment. */
export interface AccessMap {
  readonly environment: string;
  readonly identities: readonly IdentityAccess[];
  /** Policies that no identity in the code has: those who do are not known. */
  readonly unattached: readonly IdentityAccess[];
  readonly policies: Policies;
  readonly notes: readonly string[];
}

export function accessMap(environment: Environment): AccessMap {
  const policies = new Policies(environment);
  const identities = [
    ...bootstrapIdentities(environment),
    ...loginIdentities(environment),
    ...directoryIdentities(environment),
  ];
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
    // A comparison needs it of few.
    get access() {
      return (access ??= isRoot ? [] : accessBy(identity, found));
    },
  };
}

/** Two namespaces may have policies of one name. */
function nameOf({ name, namespace }: PolicyUse): string {
  return namespace === undefined ? name : `${name} of namespace ${namespace || "root"}`;
}

/** A policy as somebody of another namespace has it, on paths from there. @returns nothing where it does not hold */
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

/** Why an identity has the permissions: the policies, with the grants that wrote the rule. */
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

/** Grants on the pattern itself, and wider ones for what these do not give: a policy's rules get both. */
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

/** Spaces in a template are nothing to Vault, and neither is a slash at the start. */
function normal(path: string): string {
  return path.replace(/^\//, "").replace(/\{\{\s*(.*?)\s*\}\}/g, "{{$1}}");
}
