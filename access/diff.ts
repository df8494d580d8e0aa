import { type AccessMap, accessMap, type IdentityAccess } from "./access-map";
import { type Change, pairUp, sortLabels } from "./changes";
import { destructionChanges } from "./destruction";
import { capabilityChanges } from "./diff-capabilities";
import { credentialChanges } from "./diff-credentials";
import { type RuleLevels, suppressionChanges } from "./diff-suppressions";
import type { Facts, SuppressionFact } from "./facts";
import { gradeChanges } from "./grades";
import { Owners } from "./owners";
import { awsChanges } from "./diff-aws";
import { kubernetesChanges } from "./diff-kubernetes";
import { labelsOfLogin, loginChanges, type Maxima, type Maximum } from "./diff-logins";
import { networkChanges } from "./diff-network";
import { unreadChanges } from "./diff-unread";
import { vaultChanges } from "./diff-vault";
import { readWrites } from "../analysis/vault/written-resources";
import { durationOf } from "../constructs/policy/durations";
import { mark } from "./markdown";
import type { Json } from "../analysis/terraform/blocks";
import { surroundingsOf } from "./risks";
import { placeOf } from "../analysis/terraform/sources";
import type { Policy } from "../analysis/vault/policies";
import { isVaults } from "../analysis/vault/symbolic-acl";
import { environmentOf, type Environment } from "../analysis/terraform/synthesized";
import { textOf } from "../analysis/terraform/values";

/** Changes in one environment. */
export interface EnvironmentDiff {
  /** Name of the environment. */
  readonly environment: string;
  /** Differences between the two revisions. */
  readonly changes: readonly Change[];
  /** Notes on content of the later revision that the analysis cannot read. */
  readonly notes: readonly string[];
}

/** Facts about both revisions. @see Facts */
export interface ComparedFacts {
  /** Facts about the earlier revision. */
  readonly before: Facts;
  /** Facts about the later revision. */
  readonly after: Facts;
  /** Levels of the hardening rules. */
  readonly levels: RuleLevels;
}

const NO_FACTS: Facts = { suppressions: [], owners: [] };

/** Vault's default maximum TTL in seconds, for mounts without a maximum. */
const SYSTEM_MAXIMUM = 768 * 3600;

/**
 * Compares two revisions of the CDK app, environment by environment.
 * @param facts facts beside the stacks @default - suppressions are not compared, and teams are not known
 */
export function accessDiff(
  before: readonly Environment[],
  after: readonly Environment[],
  facts: ComparedFacts = { before: NO_FACTS, after: NO_FACTS, levels: new Map() },
): EnvironmentDiff[] {
  const empty = (name: string): Environment => ({
    name,
    blocks: [],
    resources: [],
    notes: [],
    moved: new Map(),
  });
  return pairUp(before, after, ({ name }) => name).map(
    ({ key, before: earlierOutput = empty(key), after: laterOutput = empty(key) }) => {
      const [was, is] = [readWrites(earlierOutput), readWrites(laterOutput)];
      const [earlier, later] = [accessMap(was), accessMap(is)];
      const changes = [
        ...suppressionChanges(
          suppressionsIn(key, facts.before),
          suppressionsIn(key, facts.after),
          facts.levels,
        ),
        ...destructionChanges(was, is),
        ...gradeChanges([...identityChanges(was, is, earlier, later), ...vaultChanges(was, is)], {
          earlier,
          later,
          surroundings: surroundingsOf(is),
          owners: new Owners([is, was], [later, earlier], [...facts.after.owners, ...facts.before.owners]),
        }),
        ...credentialChanges(was, is),
        ...networkChanges(was, is),
        ...kubernetesChanges(was, is),
        ...awsChanges(was, is),
        ...unreadChanges(was, is),
      ];
      const isNew = (note: string) => changes.length > 0 || !earlier.notes.includes(note);
      return { environment: key, changes, notes: later.notes.filter(isNew) };
    },
  );
}

/** Suppressions in the stacks of an environment. Those of the app apply to all environments. */
function suppressionsIn(environment: string, { suppressions }: Facts): SuppressionFact[] {
  return suppressions.filter(({ path }) => path === "" || environmentOf(path.split("/")[0]) === environment);
}

function identityChanges(was: Environment, is: Environment, earlier: AccessMap, later: AccessMap): Change[] {
  const surroundings = surroundingsOf(is);
  const maxima: Maxima = { before: maximumOf(was), after: maximumOf(is) };
  const keyOf = ({ identity }: IdentityAccess) => identity.key;
  // If a policy gets its first identity or loses its last, the changes of that identity are sufficient.
  const isAlone = (map: AccessMap) => {
    const alone = new Set(map.unattached.map(keyOf));
    return (one: IdentityAccess) =>
      alone.has(keyOf(one)) || !map.policies.find(one.identity.namespace, one.identity.name);
  };
  const rest = pairUp(
    earlier.unattached.filter(isAlone(later)),
    later.unattached.filter(isAlone(earlier)),
    keyOf,
  );
  const policyChanges = rest.flatMap(({ before, after }) => capabilityChanges(before, after, surroundings));
  const changes = pairUp(earlier.identities, later.identities, keyOf).flatMap(({ before, after }) => {
    if (before && after) {
      return [
        ...loginChanges(before.identity, after.identity, maxima),
        ...(isSame(before, after) ? [] : capabilityChanges(before, after, surroundings)),
      ];
    }
    return [presence(before, after), ...capabilityChanges(before, after, surroundings)];
  });
  return [...changes, ...policyChanges];
}

function presence(before: IdentityAccess | undefined, after: IdentityAccess | undefined): Change {
  const { identity } = (after ?? before)!;
  return {
    kind: "identity",
    direction: after ? "wider" : "narrower",
    subject: identity.key,
    what: `${after ? "+" : "-"} ${mark(identity.subject)}`,
    labels: after ? sortLabels(["new identity", ...labelsOfLogin(identity)]) : [],
    details: [placeOf(identity)],
  };
}

/** Returns true if the policies are unchanged. This holds for most identities, which then need no comparison. */
function isSame(before: IdentityAccess, after: IdentityAccess): boolean {
  return before.isRoot === after.isRoot && fingerprint(before) === fingerprint(after);
}

function fingerprint({ policies, unknown }: IdentityAccess): string {
  return JSON.stringify([policies.map(rulesOf), unknown]);
}

const rulesByPolicy = new WeakMap<Policy, string>();

/** Rules of a policy as text. They are cached, because many identities share a policy. */
function rulesOf(policy: Policy): string {
  const known = rulesByPolicy.get(policy);
  if (known !== undefined) return known;
  const text = isVaults(policy) ? policy.name : JSON.stringify([policy.name, policy.rules]);
  rulesByPolicy.set(policy, text);
  return text;
}

/** Maximum TTLs of tokens, by the mount that issues them. */
function maximumOf({ resources }: Environment): Maximum {
  const maxima = new Map<string, number>();
  const keyOf = (namespace: string, mount: string) => `${namespace} ${mount}`;
  for (const { type, attributes, namespace } of resources) {
    if (!/^vault_([a-z]+_)?auth_backend$/.test(type)) continue;
    const tune = [attributes.tune].flat()[0] as Json | undefined;
    const maximum = durationOf(tune?.max_lease_ttl);
    if (maximum) maxima.set(keyOf(namespace, `auth/${textOf(attributes.path ?? attributes.type)}`), maximum);
  }
  return (namespace, mount) => maxima.get(keyOf(namespace, mount)) ?? SYSTEM_MAXIMUM;
}
