import type { AccessMap, IdentityAccess } from "./access-map";
import { type Change, type Label, type Owner, sortLabels } from "./changes";
import { weightOf } from "./label-meanings";
import { mark } from "./markdown";
import type { Owners } from "./owners";
import { labelsOfGain, type Surroundings } from "./risks";
import { overlap } from "../constructs/policy/patterns";
import { isVaults } from "../analysis/vault/symbolic-acl";

/** Labels of permissions that do not make a login powerful: they concern objects of the identity itself. */
const OWN: readonly Label[] = ["delete", "template", "no end", "not analysed", "new identity"];

/** Number of powerful paths that a row names. */
const MOST_PATHS = 3;

/** Context of the grades in one environment. */
export interface GradeContext {
  /** Access in the earlier revision. */
  readonly earlier: AccessMap;
  /** Access in the later revision. */
  readonly later: AccessMap;
  /** Context for the evaluation of patterns. */
  readonly surroundings: Surroundings;
  /** Owners of identities and objects. */
  readonly owners: Owners;
}

/** Adds to changes of identities their owners, the owners of what they reach, and the power of a changed login. */
export function gradeChanges(changes: readonly Change[], context: GradeContext): Change[] {
  const identities = new Map(
    [...context.earlier.unattached, ...context.earlier.identities, ...context.later.unattached]
      .concat(context.later.identities)
      .map((one) => [one.identity.key, one]),
  );
  const readers = new Readers(context);
  return changes.map((change) => {
    const access = identities.get(change.subject);
    if (!access) return change;
    const owner = context.owners.ofIdentity(access.identity);
    const graded = withPower(withObjects(change, access, owner, context, readers), access, context);
    return owner ? { ...graded, owner } : graded;
  });
}

function withObjects(
  change: Change,
  { identity }: IdentityAccess,
  own: Owner | undefined,
  { owners }: GradeContext,
  readers: Readers,
): Change {
  const { gain } = change;
  const object = gain && owners.ofPath(identity.namespace, gain.path);
  if (!gain || !object) return change;
  const isOwn = ({ service, team }: Owner) => own?.service === service && own.team === team;
  if (object.owner && isOwn(object.owner)) return change;
  const until = readers.of(identity.namespace, gain.path).filter(({ key }) => key !== identity.key);
  const other = object.owner ?? (until.length === 1 ? until[0].owner : undefined);
  if (!other || isOwn(other)) return change;
  const isSameTeam = other.team !== undefined && other.team === own?.team;
  // The label `cross-namespace` already says that the objects belong to others.
  const isSaid = isSameTeam || change.labels.includes("cross-namespace");
  return {
    ...change,
    labels: isSaid ? change.labels : sortLabels([...change.labels, "other owner"]),
    concerns: { ...other, objects: object.noun },
    untilNow: [...new Set(until.map(({ owner }) => owner.service))].sort(),
  };
}

/** Identity that can use objects, with its owner. */
interface Reader {
  readonly key: string;
  readonly owner: Owner;
}

/** Reader with the path of a rule, and its text before the first wildcard or template. */
interface RuleReader extends Reader {
  readonly path: string;
  readonly start: string;
}

function fixedStart(path: string): string {
  return path.replace(/[*+{].*$/, "");
}

/** Identities of the earlier revision by the paths that their rules name. Rules with wide wildcards do not count. */
class Readers {
  private all?: readonly RuleReader[];
  private readonly byPath = new Map<string, readonly RuleReader[]>();

  constructor(private readonly context: GradeContext) {}

  of(namespace: string, path: string): readonly Reader[] {
    const full = fullPath(namespace, path);
    const known = this.byPath.get(full);
    if (known) return known;
    const start = fixedStart(full);
    const found = (this.all ??= this.read()).filter(
      (reader) =>
        // Most rules differ in their first words, which is fast to see.
        (reader.start.startsWith(start) || start.startsWith(reader.start)) && overlap(reader.path, full),
    );
    this.byPath.set(full, found);
    return found;
  }

  private read(): RuleReader[] {
    const { earlier, surroundings, owners } = this.context;
    return earlier.identities.flatMap(({ identity, policies }) => {
      const owner = owners.ofIdentity(identity) ?? { service: identity.key };
      return policies
        .filter((policy) => !isVaults(policy))
        .flatMap(({ rules }) => rules)
        .filter(
          ({ path, capabilities }) =>
            !capabilities.includes("deny") &&
            !labelsOfGain(path, capabilities, surroundings, identity.namespace).includes("wildcard"),
        )
        .map((rule) => fullPath(identity.namespace, rule.path))
        .map((path) => ({ key: identity.key, owner, path, start: fixedStart(path) }));
    });
  }
}

function fullPath(namespace: string, path: string): string {
  const relative = path.replace(/^\//, "");
  return namespace ? `${namespace}/${relative}` : relative;
}

/** A changed condition of a login weighs as much as the permissions that the login gives. */
function withPower(change: Change, access: IdentityAccess, { surroundings }: GradeContext): Change {
  if (change.kind !== "login" || change.direction === "narrower" || change.direction === "same")
    return change;
  const powers = powersOf(access, surroundings);
  if (powers.length === 0) return change;
  const shown = powers.slice(0, MOST_PATHS);
  const rest = powers.length - shown.length;
  return {
    ...change,
    labels: sortLabels([...change.labels, "powerful login"]),
    remarks: [
      ...(change.remarks ?? []),
      `the login gives ${shown.join(", ")}${rest > 0 ? ` and ${rest} more dangerous paths` : ""}`,
    ],
  };
}

/** Dangerous permissions of an identity, the most severe first. */
function powersOf(
  { identity, isRoot, unknown, policies }: IdentityAccess,
  surroundings: Surroundings,
): string[] {
  if (isRoot) return ["everything, by the policy root"];
  const rules = policies
    .filter((policy) => !isVaults(policy))
    .flatMap((policy) => policy.rules)
    .map(({ path, capabilities }) => ({
      text: `${mark(path)} (${capabilities.join(", ")})`,
      labels: capabilities.includes("deny")
        ? []
        : labelsOfGain(path, capabilities, surroundings, identity.namespace).filter(
            (label) => !OWN.includes(label),
          ),
    }))
    .filter(({ labels }) => labels.length > 0)
    .sort((one, other) => weightOf(other) - weightOf(one));
  return [
    ...unknown.map(({ name }) => `the policy ${mark(name)}, of which nothing is known`),
    ...rules.map(({ text }) => text),
  ];
}
