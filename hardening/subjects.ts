import type { Element } from "./element";
import type { Platform } from "./platform";
import { type CustomResource, customResourcesOf } from "./readers/custom-resources";
import { type Release, vaultReleaseOf } from "./readers/helm";
import { type NetworkPolicy, networkPoliciesOf } from "./readers/network";
import { type Container, type Pods, podsOf } from "./readers/pods";
import { type VaultPolicy, policiesOf } from "./readers/policies";
import { type Server, serversOf } from "./readers/servers";
import { openCount } from "./readers/existence";
import {
  NOT_APPLICABLE,
  type Rule,
  type Verdict,
  attempt,
  judge,
  judgeEach,
  nonCompliant,
  notJudged,
} from "./rule";

/**
 * Functions that select the subjects of rules. A check that returns a list of problems returns an empty one if there
 * are none.
 */
type Check = Rule["check"];

/** Resources of some types. */
export function forResources(
  types: readonly string[] | RegExp,
  check: (element: Element) => readonly string[] | Verdict,
): Check {
  return forElements(
    ({ block, type }) =>
      block === "resource" && (types instanceof RegExp ? types.test(type) : types.includes(type)),
    check,
  );
}

/** Blocks of any kind that match a predicate. */
export function forElements(
  applies: (element: Element) => boolean,
  check: (element: Element) => readonly string[] | Verdict,
): Check {
  return (subject) => {
    if (subject.kind !== "element" || !applies(subject)) return NOT_APPLICABLE;
    const result = check(subject);
    return "outcome" in result ? result : judge(result);
  };
}

/** The environment as a whole. */
export function forPlatform(check: (platform: Platform) => Verdict): Check {
  return (subject) => (subject.kind === "platform" ? check(subject) : NOT_APPLICABLE);
}

/** Pods of any workload or chart. */
export const forPods = (check: (pods: Pods) => readonly string[]): Check => forParts(podsOf, check);

/** Containers of any workload or chart; problems start with the container's name. */
export const forContainers = (check: (container: Container, pods: Pods) => readonly string[]): Check =>
  forPods((pods) =>
    pods.containers.flatMap((container) =>
      check(container, pods).map((problem) => `container ${container.name}: ${problem}`),
    ),
  );

/**
 * Policies of Vault from any source; problems start with the policy's name. A policy that cannot be parsed is a
 * problem.
 */
export const forPolicies = (check: (policy: VaultPolicy) => readonly string[]): Check =>
  forParts(policiesOf, (policy) =>
    (policy.problem === undefined ? check(policy) : [`cannot be read: ${policy.problem}`]).map(
      (problem) => `policy ${policy.name}: ${problem}`,
    ),
  );

/** Servers of Vault, by their configuration. */
export const forServers = (check: (server: Server) => readonly string[]): Check => forParts(serversOf, check);

/** Network policies of any source. */
export const forNetworkPolicies = (check: (policy: NetworkPolicy) => readonly string[]): Check =>
  forParts(networkPoliciesOf, check);

/** Custom resources of some kinds. */
export const forCustomResources = (
  kinds: readonly string[],
  check: (resource: CustomResource) => readonly string[],
): Check =>
  forParts(
    (element) => customResourcesOf(element).filter(({ kind }) => kinds.includes(kind)),
    (resource) => check(resource).map((problem) => `${resource.kind} ${resource.name}: ${problem}`),
  );

/** Releases of Vault's Helm chart. */
export const forVaultReleases = (check: (release: Release) => readonly string[]): Check =>
  forParts((element) => {
    const release = vaultReleaseOf(element);
    return release ? [release] : [];
  }, check);

function forParts<T>(read: (element: Element) => readonly T[], check: (part: T) => readonly string[]): Check {
  return (subject) => {
    if (subject.kind !== "element") return NOT_APPLICABLE;
    const parts = read(subject);
    return parts.length === 0 ? NOT_APPLICABLE : judgeEach(parts, check);
  };
}

/** Object that can meet a rule which requires one to exist. */
export interface Candidate {
  /** Block that makes the object. */
  readonly element: Element;
  /** Evidence if the object meets the rule. */
  readonly evidence: string;
  /** Problems of the object. */
  readonly problems: () => readonly string[];
}

/**
 * Verdict for a rule that requires one object without problems. Objects that Terraform does not make do not count.
 * @param missing problem if there is no object at all
 */
export function requireOne(candidates: readonly Candidate[], missing: string): Verdict {
  const verdicts = candidates.map(({ element, evidence, problems }) =>
    attempt(() => {
      if (element.existence === "perhaps") throw openCount(element);
      return judge(problems(), evidence);
    }),
  );
  const met = verdicts.find(({ outcome }) => outcome === "compliant");
  if (met || verdicts.length === 0) return met ?? nonCompliant(missing);
  const problems = verdicts.flatMap((verdict) => ("problems" in verdict ? verdict.problems : []));
  const reasons = verdicts.flatMap((verdict) => ("reasons" in verdict ? verdict.reasons : []));
  return reasons.length > 0 ? notJudged(reasons, problems) : judge(problems);
}

/** Combines checks: a subject must meet all that apply. */
export function all(...checks: readonly Check[]): Check {
  return (subject) => {
    const verdicts = checks
      .map((check) => attempt(() => check(subject)))
      .filter(({ outcome }) => outcome !== "not-applicable");
    if (verdicts.length === 0) return NOT_APPLICABLE;
    const problems = verdicts.flatMap((verdict) => ("problems" in verdict ? verdict.problems : []));
    const reasons = verdicts.flatMap((verdict) => ("reasons" in verdict ? verdict.reasons : []));
    return reasons.length > 0 ? notJudged(reasons, problems) : judge(problems);
  };
}
