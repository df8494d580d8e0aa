import type { Element } from "./element";
import type { Platform } from "./platform";
import { type CustomResource, customResourcesOf } from "./readers/custom-resources";
import { type Release, vaultReleaseOf } from "./readers/helm";
import { type NetworkPolicy, networkPoliciesOf } from "./readers/network";
import { type Container, type Pods, podsOf } from "./readers/pods";
import { type VaultPolicy, policiesOf } from "./readers/policies";
import { type Server, serversOf } from "./readers/servers";
import { NOT_APPLICABLE, type Rule, type Verdict, judge } from "./rule";

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
    return Array.isArray(result) ? judge(result) : (result as Verdict);
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
    return parts.length === 0 ? NOT_APPLICABLE : judge(parts.flatMap(check));
  };
}

/** Combines checks: a subject must meet all that apply. */
export function all(...checks: readonly Check[]): Check {
  return (subject) => {
    const verdicts = checks
      .map((check) => check(subject))
      .filter(({ outcome }) => outcome !== "not-applicable");
    if (verdicts.length === 0) return NOT_APPLICABLE;
    return judge(
      verdicts.flatMap((verdict) => (verdict.outcome === "non-compliant" ? verdict.problems : [])),
    );
  };
}
