import {
  ANY_ADMINISTRATOR,
  actorsOf,
  decide,
  type Actor,
  graveRequests,
  type GraveRequest,
} from "../analysis/aws/grave-actions";
import { type AwsIdentity, AwsModel, type AwsTarget } from "../analysis/aws/aws-model";
import type { AwsBlock } from "../analysis/aws/aws-names";
import { canName, compareDecisions } from "../analysis/aws/compare";
import type { Decision } from "../analysis/aws/evaluate";
import type { IamPolicy, IamStatement } from "../analysis/aws/iam-policy";
import { guardedKind, unsealKeysOf } from "../analysis/aws/grave-actions";
import type { Environment } from "../analysis/terraform/synthesized";
import { blocksOf, fingerprint, type Place } from "../analysis/aws/aws-blocks";
import { placeOf } from "../analysis/terraform/sources";
import { type Change, type Label, pairUp, sortLabels } from "./changes";
import { labelOfGuarded, policyChanges, type PolicyOwner } from "./diff-aws-policies";
import { settingChanges } from "./diff-aws-settings";
import { mark } from "./markdown";

/**
 * Changes to permissions in AWS. The direction comes from an evaluation of the policies before and after: the
 * identities that may use or control the unseal key, the recovery shares, the snapshots, the state and the roles; and
 * the statements as sets of rights.
 */
export function awsChanges(before: Environment, after: Environment): Change[] {
  const [earlier, later] = [blocksOf(before), blocksOf(after)];
  if (fingerprint(earlier) === fingerprint(later)) return [];
  const [was, is] = [new AwsModel(earlier), new AwsModel(later)];
  return withoutDuplicates([
    ...graveChanges(was, is),
    ...identityChanges(was, is),
    ...targetChanges(was, is),
    ...looseChanges(was, is),
    ...settingChanges(was, is),
  ]);
}

/** A key and its replica have one name: their equal changes are one. */
function withoutDuplicates(changes: readonly Change[]): Change[] {
  const found = new Map<string, Change>();
  for (const change of changes) {
    const { subject, direction, what, labels, details } = change;
    const key = JSON.stringify([subject, direction, what, labels]);
    const known = found.get(key);
    found.set(key, known ? { ...known, details: [...new Set([...known.details, ...details])] } : change);
  }
  return [...found.values()];
}

/** Identities that gain or lose grave actions. */
function graveChanges(was: AwsModel, is: AwsModel): Change[] {
  const earlierRequests = graveRequests(was);
  const keyOf = ({ object, action, arn }: GraveRequest) => `${object} ${action} ${arn}`;
  const requests = pairUp(earlierRequests, graveRequests(is), keyOf);
  const isKnown = new Set(earlierRequests.map(({ object }) => object));
  const gains = new Map<string, Gain>();
  for (const { before: earlier, after: later } of pairUp(actorsOf(was), actorsOf(is), ({ name }) => name)) {
    const actor = (later ?? earlier)!;
    // An identity that policies do not name in one of the revisions is an administrator like any other there.
    const [then, now] = actor.origin === "environment" ? [earlier, later] : [actor, actor];
    const isSameActor = textOfActor(then) === textOfActor(now);
    for (const { before: old, after: request } of requests) {
      // An object that is gone cannot be used; and a new object says nothing about administrators of the account.
      if (!request || (!isKnown.has(request.object) && actor.origin === "account")) continue;
      if (isSameActor && textOfRequest(old) === textOfRequest(request)) continue;
      const after = now ? decide(is, now, request) : NOTHING;
      const direction = compareDecisions(then && old ? decide(was, then, old) : NOTHING, after);
      if (direction === "same") continue;
      const key = [actor.name, request.guarded, request.object, direction].join(" ");
      const gain = gains.get(key) ?? { actor, request, direction, actions: new Set(), decision: after };
      gain.actions.add(request.action);
      gains.set(key, gain);
    }
  }
  return joinObjects(withoutNamesakes([...gains.values()])).map(toChange);
}

const texts = new WeakMap<object, string>();

/** Text of a value that is compared often. */
function cached<T extends object>(value: T | undefined, textOf: (value: T) => unknown): string {
  if (!value) return "";
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(textOf(value));
  texts.set(value, text);
  return text;
}

function textOfActor(actor: Actor | undefined): string {
  return cached(actor, ({ principal, policy, boundary }) => [principal, policy, boundary ?? null]);
}

function textOfRequest(request: GraveRequest | undefined): string {
  return cached(request, ({ policy, aliases, arn }) => [policy ?? null, aliases, arn]);
}

/** Gains without those of identities that gain no more than any administrator of the account. */
function withoutNamesakes(gains: readonly Gain[]): Gain[] {
  const keyOf = ({ request, direction }: Gain) => [request.guarded, request.object, direction].join(" ");
  const isGeneral = ({ actor }: Gain) => actor.name === ANY_ADMINISTRATOR;
  const general = new Map(gains.filter(isGeneral).map((gain) => [keyOf(gain), gain.actions]));
  return gains.filter(
    (gain) =>
      gain.actor.origin !== "account" ||
      isGeneral(gain) ||
      [...gain.actions].some((action) => !general.get(keyOf(gain))?.has(action)),
  );
}

const NOTHING: Decision = { result: "implicitly denied", ways: [], denials: [], statements: [] };

interface Gain {
  readonly actor: Actor;
  readonly request: GraveRequest;
  readonly direction: "more" | "less" | "cannot be said";
  readonly actions: Set<string>;
  readonly decision: Decision;
}

/** One change of several objects of the same kind, such as all recovery shares, is one row. */
function joinObjects(gains: readonly Gain[]): (Gain & { readonly objects: readonly string[] })[] {
  const joined = new Map<string, Gain & { objects: string[] }>();
  for (const gain of gains) {
    const key = [gain.actor.name, gain.request.guarded, gain.direction, ...gain.actions].join(" ");
    const known = joined.get(key);
    if (known) known.objects.push(gain.request.object);
    else joined.set(key, { ...gain, objects: [gain.request.object] });
  }
  return [...joined.values()];
}

function toChange({
  actor,
  request,
  direction,
  actions,
  decision,
  objects,
}: Gain & { readonly objects: readonly string[] }): Change {
  const verb =
    direction === "more" ? "+ may" : direction === "less" ? "- may" : "it cannot be said whether it may";
  const labels: Label[] =
    direction === "less"
      ? []
      : [
          labelOfGuarded(request.guarded) ?? "trust",
          ...(direction === "cannot be said" ? ["unreadable" as const] : []),
          ...(actor.origin === "elsewhere" ? ["foreign account" as const] : []),
        ];
  const list = objects.map((it) => mark(it)).join(", ");
  return {
    kind: "elsewhere",
    direction: direction === "more" ? "wider" : direction === "less" ? "narrower" : "changed",
    subject: actor.name,
    what: `${verb} ${mark([...actions].join(", "))} on the ${request.guarded} ${list}`,
    labels: sortLabels(labels),
    details: conditionsOf(decision),
  };
}

function conditionsOf({ ways, denials, result }: Decision): string[] {
  if (result === "implicitly denied" || result === "explicitly denied") return [];
  const describe = (conditions: readonly { operator: string; key: string; values: readonly string[] }[]) =>
    conditions
      .map(({ operator, key, values }) => `${operator} ${key} ${values.join(" or ")}`.trim())
      .join(" and ");
  return [
    ...ways.slice(0, 5).flatMap((it) => (it.length > 0 ? [`if ${mark(describe(it))}`] : [])),
    ...denials.slice(0, 5).map((it) => `unless ${mark(describe(it))}`),
  ];
}

/** Changes to the policies of roles, users and groups, their boundaries and their trust. */
function identityChanges(was: AwsModel, is: AwsModel): Change[] {
  const keyOf = ({ kind, name }: AwsIdentity) => `${kind} ${name}`;
  const reached = reachOf(is);
  return pairUp(was.identities, is.identities, keyOf).flatMap(({ key, before, after }) => {
    const owner = ownerOf(key, after?.block ?? before?.block);
    const changes = [
      ...policyChanges(before?.policy, after?.policy, { ...owner, element: "permission", reached }),
      ...boundaryChanges(before, after, owner),
      ...policyChanges(before?.trust, after?.trust, {
        ...owner,
        element: "trust",
        label: before ? "trust" : "new identity",
        account: is.names.account,
      }),
    ];
    // The denials of an identity that is gone limit nobody.
    return after ? changes : changes.filter(({ direction }) => direction === "narrower");
  });
}

/** Labels of the guarded objects that a statement names, even if another policy denies it today. */
function reachOf(model: AwsModel): (statement: IamStatement) => Label[] {
  const labelOf = ({ guarded }: GraveRequest) => (guarded === "role" ? "trust" : labelOfGuarded(guarded));
  const requests = graveRequests(model).filter(labelOf);
  return (statement) => [
    ...new Set(
      requests
        .filter(({ arn, action }) => canName(statement, action, arn))
        .flatMap((request) => labelOf(request) ?? []),
    ),
  ];
}

/** A boundary limits: its permissions are the most that the identity has. An identity without one has no limit. */
function boundaryChanges(
  before: AwsIdentity | undefined,
  after: AwsIdentity | undefined,
  owner: Omit<PolicyOwner, "element">,
): Change[] {
  if (!before || !after || (!before.boundary && !after.boundary)) return [];
  if (before.boundary && after.boundary)
    return policyChanges(before.boundary, after.boundary, {
      ...owner,
      element: "boundary",
      label: "protection",
    });
  return [
    {
      kind: "elsewhere",
      direction: before.boundary ? "wider" : "narrower",
      subject: owner.subject,
      what: before.boundary
        ? "- permissions boundary: nothing limits its policies"
        : "+ permissions boundary",
      labels: before.boundary ? ["protection"] : [],
      details: owner.details,
    },
  ];
}

/** Changes to the policies of keys, secrets and buckets. */
function targetChanges(was: AwsModel, is: AwsModel): Change[] {
  const keyOf = ({ kind, name, arn }: AwsTarget) => `${kind} ${name} ${arn.split(":")[3]}`;
  const unsealKeys = new Set([...unsealKeysOf(was), ...unsealKeysOf(is)]);
  return pairUp(was.targets, is.targets, keyOf).flatMap(({ before, after }) => {
    const target = (after ?? before)!;
    // What is gone has no policy. Its loss is another kind of change.
    if (!after) return [];
    const guarded = guardedKind(target, unsealKeys);
    const owner = ownerOf(`${guarded} ${target.name}`, target.block);
    return policyChanges(before?.policy, after.policy, {
      ...owner,
      element: "permission",
      ...(labelOfGuarded(guarded) ? { label: labelOfGuarded(guarded), isNew: !before } : {}),
      account: is.names.account,
      own: after.arn,
    });
  });
}

/** Policies that the model attaches to nothing, for example because something unknown refers to them. */
function looseChanges(was: AwsModel, is: AwsModel): Change[] {
  const keyOf = ({ block }: { readonly block: AwsBlock; readonly policy: IamPolicy }) =>
    `${block.stack} ${block.type}.${block.name}`;
  const find = (model: AwsModel, key: string) =>
    model.blocks.find((it) => `${it.stack} ${it.type}.${it.name}` === key && /^aws_/.test(it.type));
  return pairUp(was.loose, is.loose, keyOf).flatMap(({ key, before, after }) => {
    const block = (after ?? before)!.block;
    const owner = ownerOf(`${block.type} ${(block as Partial<Place>).writtenBy ?? block.name}`, block);
    // A policy that was or will be attached is compared where it is attached.
    if ((!before && find(was, key)) || (!after && find(is, key))) return [];
    return policyChanges(before?.policy, after?.policy, { ...owner, element: "permission" });
  });
}

function ownerOf(subject: string, block: AwsBlock | undefined): Omit<PolicyOwner, "element"> {
  const { writtenBy, file } = (block ?? {}) as Partial<Place>;
  return { subject, details: writtenBy === undefined ? [] : [placeOf({ writtenBy, file })] };
}
