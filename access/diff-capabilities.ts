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

/**
 * Paths of operation on which other capabilities have no effect without sudo.
 * @see https://developer.hashicorp.com/vault/docs/concepts/policies#root-protected-api-endpoints
 */
const NEEDING_SUDO: readonly string[] = ["sys/seal", "sys/step-down"];

/** Decisions of policies on the paths of one pattern, in two revisions. */
export interface Difference {
  /** Pattern, with templates as written in the policy. */
  readonly pattern: string;
  /** Decision in the earlier revision. */
  readonly before: Decision;
  /** Decision in the later revision. */
  readonly after: Decision;
}

/** Decision of policies on a path. */
export interface Decision {
  /** Permissions of the deciding pattern. @default - no pattern matches */
  readonly permissions?: Permissions;
  /** Allowed capabilities, without `deny`, which equals none. */
  readonly capabilities: readonly VaultCapability[];
}

/**
 * Finds all differences between two sets of policies. This includes differences on paths that only the combination of
 * one pattern of each set decides. Each pair of deciding patterns occurs once.
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
    if (!found.has(key)) {
      const pattern = decidingPattern(was, is) ?? label;
      found.set(key, { pattern: showTemplates(pattern), before: was, after: is });
    }
  };
  const isListApart = (path: string) =>
    [earlier, later].some((acl) => acl.decide(path, "list") !== acl.decide(path, "other"));
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

/**
 * Pattern that names a difference: the one that decides in both revisions, or their common paths. A sample may come from
 * a pattern that decides nowhere.
 */
function decidingPattern(before: Decision, after: Decision): string | undefined {
  const [was = after.permissions, is = before.permissions] = [before.permissions, after.permissions];
  return was && is && samples(was.pattern, is.pattern, 0)[0]?.label;
}

/** Returns true if a decision allows nothing, or only operations of a token on itself by Vault's policy `default`. */
function byVault({ permissions, capabilities }: Decision, policies: readonly Policy[]): boolean {
  return capabilities.length === 0 || permissions!.policies.every((name) => isVaultsPolicy(name, policies));
}

function isVaultsPolicy(name: string, policies: readonly Policy[]): boolean {
  return policies.some((policy) => policy.name === name && isVaults(policy));
}

/** Compared operations. Only on a path that ends in a slash, another rule may decide on list. */
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
 * Patterns of an ACL, with a flag for those of Vault's policy `default`, which every token has in all revisions. Its
 * exact patterns are left out: they take precedence over all patterns that differ from them.
 */
function patternsOf(acl: Acl, policies: readonly Policy[]) {
  return acl.permissions
    .map(({ pattern, policies: names }) => ({
      pattern,
      isVaults: names.every((name) => isVaultsPolicy(name, policies)),
    }))
    .filter((one) => !one.isVaults || /[*+]/.test(one.pattern));
}

/** Key of a decision. Decisions with equal keys allow the same operations. */
function meaning({ permissions, capabilities }: Decision): string {
  return capabilities.length === 0 ? "" : JSON.stringify([capabilities, describeConstraints(permissions!)]);
}

/** Changes of an identity's capabilities, gained and lost. */
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
  // A loosened constraint gives access that the constraint prevented. Sudo has an effect with other capabilities only.
  const isWhole = loosened.length > 0 || (gained.length > 0 && is.includes("sudo"));
  const labels = labelsOfGain(pattern, isWhole ? is : gained, surroundings, identity.namespace).filter(
    (label) => label !== "server" || is.includes("sudo") || !NEEDING_SUDO.includes(pattern),
  );
  const isUnguarded = loosened.some((limit) => /^after (approval|MFA) by /.test(limit));
  const [decided, side] = after.permissions ? [after.permissions, later] : [before.permissions!, earlier];
  const reasons = reasonsOf(decided, identity, side!.policies);
  return [
    {
      kind: "capability",
      direction: isWider ? "wider" : "narrower",
      subject: identity.key,
      what: `${mark(pattern)}: ${what.join("; ")}`,
      labels: sortLabels(isUnguarded ? [...labels, "protection"] : labels),
      details: describeReasons(reasons),
      ...(isWider && { gain: { path: pattern, capabilities: loosened.length > 0 ? is : gained } }),
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

/** Changes by policies that cannot be parsed, because they may allow anything. */
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
