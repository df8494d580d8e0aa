import { type Access, type AccessMap, accessMap, type IdentityAccess } from "./access-map";
import { type Owner, pairUp } from "./changes";
import { describeChange, describeOwner } from "./describe-change";
import { describeReasons } from "./describe";
import type { ComparedFacts, EnvironmentDiff } from "./diff";
import { gradeOf, isProduction, sortChanges } from "./diff-rows";
import { plain } from "./markdown";
import { Owners } from "./owners";
import { capabilitiesOf } from "./render-map";
import { labelsOfGain, surroundingsOf } from "./risks";
import type { Environment } from "../analysis/terraform/synthesized";

/** Columns of the report. Rows have one text for each of them. */
export const COLUMNS = [
  "environment",
  "kind",
  "team",
  "identity",
  "path",
  "before",
  "after",
  "labels",
  "owner",
  "details",
] as const;

/** Rows of the report: the texts of the columns. */
export type ReportRow = Readonly<Record<(typeof COLUMNS)[number], string>>;

/**
 * Rows of the report: first all changes, the most severe first, then the permissions of all identities in both
 * revisions.
 */
export function reportRows(
  before: readonly Environment[],
  after: readonly Environment[],
  diffs: readonly EnvironmentDiff[],
  facts?: ComparedFacts,
): ReportRow[] {
  const empty = (name: string): Environment => ({
    name,
    blocks: [],
    resources: [],
    notes: [],
    moved: new Map(),
  });
  const pairs = pairUp(before, after, ({ name }) => name).sort(
    (one, other) => Number(isProduction(other.key)) - Number(isProduction(one.key)),
  );
  const changes = pairs.flatMap(({ key }) =>
    diffs.filter(({ environment }) => environment === key).flatMap(changeRows),
  );
  const access = pairs.flatMap(({ key, before: was = empty(key), after: is = empty(key) }) => {
    const [earlier, later] = [accessMap(was), accessMap(is)];
    const known = facts ? [...facts.after.owners, ...facts.before.owners] : [];
    const owners = new Owners([is, was], [later, earlier], known);
    const surroundings = surroundingsOf(is);
    return pairUp(everyone(earlier), everyone(later), ({ identity }) => identity.key).flatMap((pair) =>
      accessRows(key, pair.before, pair.after, owners, surroundings),
    );
  });
  return [...changes, ...access];
}

const everyone = ({ identities, unattached }: AccessMap) => [...identities, ...unattached];

function changeRows({ environment, changes }: EnvironmentDiff): ReportRow[] {
  return sortChanges(changes).map((change) => ({
    environment,
    kind: `change: ${gradeOf(change)}`,
    team: change.owner?.team ?? "",
    identity: change.subject,
    path: change.gain?.path ?? "",
    before: "",
    after: plain(describeChange(change)),
    labels: change.labels.join(", "),
    owner: ownerOf(change.concerns),
    details: change.details.map(plain).join("; "),
  }));
}

function ownerOf(owner: Owner | undefined): string {
  return owner ? describeOwner(owner) : "";
}

function accessRows(
  environment: string,
  before: IdentityAccess | undefined,
  after: IdentityAccess | undefined,
  owners: Owners,
  surroundings: ReturnType<typeof surroundingsOf>,
): ReportRow[] {
  const { identity } = (after ?? before)!;
  const row = {
    environment,
    kind: "access",
    team: owners.ofIdentity(identity)?.team ?? "",
    identity: identity.key,
  };
  const special = (name: string, labels: string, has: (one: IdentityAccess) => boolean): ReportRow[] => {
    const texts = [before, after].map((one) => (one && has(one) ? "everything" : ""));
    if (texts.every((text) => text === "")) return [];
    return [{ ...row, path: name, before: texts[0], after: texts[1], labels, owner: "", details: "" }];
  };
  const unknown = [...new Set([before, after].flatMap((one) => one?.unknown.map(({ name }) => name) ?? []))];
  return [
    ...special("the policy root", "root", ({ isRoot }) => isRoot),
    ...unknown.flatMap((name) =>
      special(`the policy ${name}, of which nothing is known`, "unreadable", (one) =>
        one.unknown.some((policy) => policy.name === name),
      ),
    ),
    ...pairUp(before?.access ?? [], after?.access ?? [], ({ pattern }) => pattern).map((pair) => {
      const { pattern, permissions, why } = (pair.after ?? pair.before)!;
      const capabilities = permissions.capabilities.filter((capability) => capability !== "deny");
      return {
        ...row,
        path: pattern,
        before: textOf(pair.before),
        after: textOf(pair.after),
        labels: labelsOfGain(pattern, capabilities, surroundings, identity.namespace).join(", "),
        owner: ownerOf(owners.ofPath(identity.namespace, pattern)?.owner),
        details: describeReasons(why).join("; "),
      };
    }),
  ];
}

function textOf(access: Access | undefined): string {
  return access ? capabilitiesOf(access) : "";
}
