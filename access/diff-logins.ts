import type { Binding } from "../analysis/vault/bindings";
import { type Change, type Label, pairUp, sortLabels } from "./changes";
import { formatDuration } from "../constructs/policy/durations";
import { argumentChange } from "./vault-arguments";
import { mark } from "./markdown";
import type { Identity } from "../analysis/vault/identity";
import { placeOf } from "../analysis/terraform/sources";

/** Changes to the conditions of a login and to the TTLs of its tokens. */
export function loginChanges(before: Identity, after: Identity, maxima: Maxima): Change[] {
  return [
    ...pairUp(before.bindings, after.bindings, ({ name }) => name).flatMap((pair) =>
      bindingChange(after, pair),
    ),
    ...lifetimeChanges(before, after, maxima),
  ];
}

/** Maximum TTL of the tokens of an auth mount, in seconds. */
export type Maximum = (namespace: string, mount: string) => number;

/** Maximum TTLs of tokens in two revisions. */
export interface Maxima {
  /** Maximum in the earlier revision. */
  readonly before: Maximum;
  /** Maximum in the later revision. */
  readonly after: Maximum;
}

function bindingChange(
  after: Identity,
  { key: name, ...pair }: { readonly key: string; readonly before?: Binding; readonly after?: Binding },
): Change[] {
  const { effect } = (pair.after ?? pair.before)!;
  const [was, is] = [pair.before?.values ?? [], pair.after?.values ?? []];
  const added = is.filter((value) => !was.includes(value));
  const removed = was.filter((value) => !is.includes(value));
  if (added.length + removed.length === 0) return [];
  const change = { kind: "login", subject: after.key, details: [placeOf(after)] } as const;
  if (effect === "setting") {
    const changed = argumentChange("vault_login", name, was, is);
    if (!changed) return [];
    const { direction, what, label } = changed;
    const isGlob = name === "bound_claims_type" && is.includes("glob");
    if (isGlob) return [{ ...change, direction: "wider", what, labels: ["wildcard"] }];
    return [{ ...change, direction, what, labels: label ? [label] : [] }];
  }
  if (effect === "denial") {
    const isWider = removed.length > 0;
    const what = [
      ...added.map((one) => `+ ${mark(name)} ${mark(one)}`),
      ...removed.map((one) => `- ${mark(name)} ${mark(one)}`),
    ];
    const labels: Label[] = isWider ? ["wildcard"] : [];
    return [{ ...change, direction: isWider ? "wider" : "narrower", what: what.join("; "), labels }];
  }
  if (effect === "limit" && is.length === 0) {
    return [
      {
        ...change,
        direction: "wider",
        what: `no longer limited by ${mark(name)} (${listed(was)})`,
        labels: ["wildcard"],
      },
    ];
  }
  const what = [
    ...(added.length > 0 ? [`+ ${mark(name)} ${listed(added)}`] : []),
    ...(removed.length > 0 ? [`- ${mark(name)} ${listed(removed)}`] : []),
  ].join("; ");
  // A new limit admits fewer logins.
  const isWider = added.length > 0 && !(effect === "limit" && was.length === 0);
  const labels = isWider ? bindingLabels(name, added, after.bindings) : [];
  // The identity provider sends the login of a user to that address.
  if (isWider && name === "allowed_redirect_uris") labels.push("trust");
  return [{ ...change, direction: isWider ? "wider" : "narrower", what, labels: sortLabels(labels) }];
}

function listed(values: readonly string[]): string {
  return values.map(mark).join(", ") || "not set";
}

/** Labels for values that a login condition admits. */
export function bindingLabels(name: string, values: readonly string[], all: readonly Binding[]): Label[] {
  const labels: Label[] = [];
  const globs = all.some(
    (binding) => binding.name === "bound_claims_type" && binding.values.includes("glob"),
  );
  const isName =
    /^bound_(service_account|iam|claims|subject|principal)|^allowed_(policies|entity|redirect)/.test(name);
  const isOpen =
    name !== "allowed_policies" && values.some((value) => /[*]/.test(value)) && (isName || globs);
  if (isOpen || values.some((value) => value === "0.0.0.0/0" || value === "::/0")) labels.push("wildcard");
  if (name === "bound_service_account_namespace_selector") labels.push("cross-namespace");
  if (name === "bound_service_account_namespaces") {
    const namespaces = all.find((binding) => binding.name === name)?.values ?? [];
    if (namespaces.length > 1 || namespaces.includes("*")) labels.push("cross-namespace");
  }
  return labels;
}

/** Labels for the conditions of a new login. */
export function labelsOfLogin({ bindings, lifetime }: Identity): Label[] {
  const labels = bindings.flatMap(({ name, values, effect }) =>
    effect === "setting" ? [] : bindingLabels(name, values, bindings),
  );
  return lifetime.period > 0 && lifetime.explicitMaxTtl === 0 ? [...labels, "no end"] : labels;
}

function lifetimeChanges(before: Identity, after: Identity, maxima: Maxima): Change[] {
  const change = { kind: "lifetime", subject: after.key, details: [placeOf(after)] } as const;
  const [was, is] = [longest(before, maxima.before), longest(after, maxima.after)];
  const result: Change[] = [];
  if (was !== is) {
    result.push({
      ...change,
      direction: is > was ? "wider" : "narrower",
      what: `tokens live at most ${format(was)} -> ${format(is)}`,
      labels: is === Infinity ? ["no end"] : [],
    });
  }
  const [ttlBefore, ttlAfter] = [before, after].map(({ lifetime }) => lifetime.period || lifetime.ttl);
  if (ttlBefore > 0 && ttlAfter > 0 && ttlBefore !== ttlAfter) {
    result.push({
      ...change,
      direction: ttlAfter > ttlBefore ? "wider" : "narrower",
      what: `tokens are renewed within ${format(ttlBefore)} -> ${format(ttlAfter)}`,
      labels: [],
    });
  }
  return result;
}

/** Maximum TTL of the tokens of a login, renewals included. */
export function longest({ lifetime, namespace, mount }: Identity, maximumOf: Maximum): number {
  const { maxTtl, explicitMaxTtl, period } = lifetime;
  const renewed = period > 0 ? Infinity : Math.min(maxTtl || Infinity, maximumOf(namespace, mount));
  return Math.min(explicitMaxTtl || Infinity, renewed);
}

function format(seconds: number): string {
  return seconds === Infinity ? "for ever" : formatDuration(seconds);
}
