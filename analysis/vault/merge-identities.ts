import type { Binding } from "./bindings";
import type { Identity, Lifetime } from "./identity";

/**
 * Identities of which each occurs once. If several resources write one identity, either may hold: it has the policies
 * of all, and a condition that one of them lacks does not limit it.
 */
export function mergeIdentities(identities: readonly Identity[]): Identity[] {
  const byKey = new Map<string, Identity>();
  for (const identity of identities) {
    const other = byKey.get(identity.key);
    byKey.set(identity.key, other ? merge(other, identity) : identity);
  }
  return [...byKey.values()];
}

function merge(one: Identity, other: Identity): Identity {
  const isNew = ({ name, via, namespace }: Identity["policies"][number]) =>
    !one.policies.some((it) => it.name === name && it.via === via && it.namespace === namespace);
  return {
    ...one,
    subject: one.subject === other.subject ? one.subject : `${one.subject} or ${other.subject}`,
    policies: [...one.policies, ...other.policies.filter(isNew)],
    bindings: mergeBindings(one.bindings, other.bindings),
    lifetime: mergeLifetimes(one.lifetime, other.lifetime),
  };
}

function mergeBindings(one: readonly Binding[], other: readonly Binding[]): Binding[] {
  const names = [...new Set([...one, ...other].map(({ name }) => name))].sort();
  return names.flatMap((name) => {
    const all = [one, other].flatMap((bindings) => bindings.find((binding) => binding.name === name) ?? []);
    const [{ effect }] = all;
    const isCommon = all.length === 2;
    if (!isCommon && (effect === "limit" || effect === "denial")) return [];
    const values =
      effect === "denial"
        ? all[0].values.filter((value) => all[1].values.includes(value))
        : [...new Set(all.flatMap((binding) => binding.values))];
    return [{ name, effect, values: effect === "setting" ? values : [...values].sort() }];
  });
}

/** Longest TTLs; 0 is the default of the mount, which is not shorter. */
function mergeLifetimes(one: Lifetime, other: Lifetime): Lifetime {
  const longest = (name: keyof Lifetime) =>
    one[name] === 0 || other[name] === 0 ? 0 : Math.max(one[name], other[name]);
  return {
    ttl: longest("ttl"),
    maxTtl: longest("maxTtl"),
    explicitMaxTtl: longest("explicitMaxTtl"),
    period: Math.max(one.period, other.period),
  };
}
