import { type IdentityAccess, reasonsOf, type UnknownPolicy } from "./access-map";
import type { Acl, Permissions } from "../constructs/policy/acl";
import { type Change, sortLabels } from "./changes";
import { describeConstraints, describeReasons } from "./describe";
import { mark } from "./markdown";
import type { Identity } from "../analysis/vault/identity";
import { depth, type Sample, samples, samplesWithSlash, showTemplates } from "../constructs/policy/patterns";
import type { Policy } from "../analysis/vault/policies";
import { labelsOfGain, type Surroundings } from "./risks";
import { placeOf } from "../analysis/terraform/sources";
import { isVaults, symbolicAcl } from "../analysis/vault/symbolic-acl";
import type { VaultCapability } from "../constructs/policy/vault-policy";

/** What policies decide on the paths of one pattern, in two revisions. */
export interface Difference {
  readonly pattern: string;
  readonly before: Decision;
  readonly after: Decision;
}

export interface Decision {
  /** @default - none: nothing matches */
  readonly permissions?: Permissions;
  /** Without the denial, which is no more than nothing. */
  readonly capabilities: readonly VaultCapability[];
}

/**
 * Everything in which two sets of policies differ, be it on paths that one pattern of each decides together. No
 * difference is left out, and each pair of deciding patterns occurs once.
 */
export function differences(before: readonly Policy[], after: readonly Policy[]): Difference[] {
  const [earlier, later] = [symbolicAcl(before), symbolicAcl(after)];
  const patterns = [patternsOf(earlier, before), patternsOf(later, after)];
  const most = Math.max(0, ...patterns.flat().map(({ pattern }) => depth(pattern))) + 1;
  const found = new Map<string, Difference>();
  const compared = new Set<string>();
  const compare = ({ path, label }: Sample, asked: Asked) => {
    if (compared.has(`${asked} ${path}`)) return;
    compared.add(`${asked} ${path}`);
    const [was, is] = [earlier, later].map((acl) => decision(acl, path, asked));
    if (meaning(was) === meaning(is) || (byVault(was, before) && byVault(is, after))) return;
    const deciding = `${was.permissions?.pattern}\n${is.permissions?.pattern}`;
    if (found.has(deciding)) return;
    const key = asked === "all" ? deciding : `${deciding}\n${asked}`;
    if (!found.has(key)) found.set(key, { pattern: showTemplates(label), before: was, after: is });
  };
  const isListApart = (path: string) =>
    [earlier, later].some((acl) => acl.decide(path, "list") !== acl.decide(path, "other"));
  // A pattern by itself comes first, so that it gives its name to what it decides.
  const pairs = [
    ...patterns.flat().map((one) => [one, one]),
    ...patterns[0].flatMap((one) => patterns[1].map((other) => [one, other])),
  ].filter((pair) => !pair.every((one) => one.isVaults));
  for (const [one, other] of pairs) {
    for (const sample of samples(one.pattern, other.pattern, most)) {
      if (isListApart(sample.path)) (["other", "list"] as const).forEach((asked) => compare(sample, asked));
      else compare(sample, "all");
    }
  }
  for (const [one, other] of pairs) {
    samplesWithSlash(one.pattern, other.pattern, most).forEach((sample) => compare(sample, "list"));
  }
  return [...found.values()];
}

/** Whether Vault itself gives what is decided, if anything is: a token's own affairs. */
function byVault({ permissions, capabilities }: Decision, policies: readonly Policy[]): boolean {
  return capabilities.length === 0 || permissions!.policies.every((name) => isVaultsPolicy(name, policies));
}

function isVaultsPolicy(name: string, policies: readonly Policy[]): boolean {
  return policies.some((policy) => policy.name === name && isVaults(policy));
}

/** Only of a path that ends in a slash, a list is decided apart. */
type Asked = "all" | "list" | "other";

function decision(acl: Acl, path: string, asked: Asked): Decision {
  const permissions = acl.decide(path, asked === "other" ? "other" : "list");
  const capabilities = permissions?.capabilities.filter(
    (capability) =>
      capability !== "deny" && (asked === "all" || (capability === "list") === (asked === "list")),
  );
  return { permissions, capabilities: capabilities ?? [] };
}

/**
 * Patterns, with those apart that are every token's and the same in all revisions. Of these, exact ones decide over
 * any pattern that is not the same.
 */
function patternsOf(acl: Acl, policies: readonly Policy[]) {
  return acl.permissions
    .map(({ pattern, policies: names }) => ({
      pattern,
      isVaults: names.every((name) => isVaultsPolicy(name, policies)),
    }))
    .filter((one) => !one.isVaults || /[*+]/.test(one.pattern));
}

/** Two with the same meaning allow the same. */
function meaning({ permissions, capabilities }: Decision): string {
  return capabilities.length === 0 ? "" : JSON.stringify([capabilities, describeConstraints(permissions!)]);
}

/** What an identity can do now and could not before, and the other way round. */
export function capabilityChanges(
  before: IdentityAccess | undefined,
  after: IdentityAccess | undefined,
  surroundings: Surroundings,
): Change[] {
  const { identity } = (after ?? before)!;
  const found = differences(before?.policies ?? [], after?.policies ?? []);
  return [
    ...rootChange(before, after),
    ...unknownChange(before, after),
    ...found.flatMap((difference) => changeOf(identity, difference, before, after, surroundings)),
  ];
}

function changeOf(
  identity: Identity,
  { pattern, before, after }: Difference,
  earlier: IdentityAccess | undefined,
  later: IdentityAccess | undefined,
  surroundings: Surroundings,
): Change[] {
  const [was, is] = [before.capabilities, after.capabilities];
  const gained = is.filter((capability) => !was.includes(capability));
  const lost = was.filter((capability) => !is.includes(capability));
  const [limitsBefore, limitsAfter] = [before, after].map(({ permissions }) =>
    describeConstraints(permissions ?? {}),
  );
  const kept = is.length > gained.length;
  const loosened = kept ? limitsBefore.filter((limit) => !limitsAfter.includes(limit)) : [];
  const tightened = kept ? limitsAfter.filter((limit) => !limitsBefore.includes(limit)) : [];
  const isWider = gained.length > 0 || loosened.length > 0;
  const what = [
    gained.length > 0 && `+ ${gained.join(", ")}`,
    lost.length > 0 && `- ${lost.join(", ")}`,
    loosened.length > 0 && `no longer: ${loosened.map(mark).join("; ")}`,
    tightened.length > 0 && `now: ${tightened.map(mark).join("; ")}`,
  ].filter(Boolean);
  // What loosens a constraint gives what the constraint kept back.
  const labels = labelsOfGain(pattern, loosened.length > 0 ? is : gained, surroundings, identity.namespace);
  const [decided, side] = after.permissions ? [after.permissions, later] : [before.permissions!, earlier];
  const reasons = reasonsOf(decided, identity, side!.policies);
  return [
    {
      kind: "capability",
      direction: isWider ? "wider" : "narrower",
      subject: identity.key,
      what: `${mark(pattern)}: ${what.join("; ")}`,
      labels: sortLabels(labels),
      details: describeReasons(reasons),
    },
  ];
}

function rootChange(before: IdentityAccess | undefined, after: IdentityAccess | undefined): Change[] {
  if (Boolean(before?.isRoot) === Boolean(after?.isRoot)) return [];
  const { identity } = (after ?? before)!;
  return [
    {
      kind: "capability",
      direction: after?.isRoot ? "wider" : "narrower",
      subject: identity.key,
      what: after?.isRoot ? "+ everything, by the policy root" : "- everything, by the policy root",
      labels: after?.isRoot ? ["root"] : [],
      details: [placeOf(identity)],
    },
  ];
}

/** A policy that nobody can read may have become anything. */
function unknownChange(before: IdentityAccess | undefined, after: IdentityAccess | undefined): Change[] {
  const isNew = ({ name, source }: UnknownPolicy) =>
    !before?.unknown.some((earlier) => earlier.name === name && earlier.source === source);
  return (after?.unknown ?? []).filter(isNew).map(({ name, problem }) => ({
    kind: "capability",
    direction: "wider",
    subject: after!.identity.key,
    what: `+ the policy ${mark(name)}, of which nothing is known: ${problem}`,
    labels: ["unreadable"],
    details: [placeOf(after!.identity)],
  }));
}
