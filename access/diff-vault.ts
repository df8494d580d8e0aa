import { type Change, type ChangeKind, type Label, pairUp, sortLabels } from "./changes";
import { isLoss } from "./destruction";
import { mark } from "./markdown";
import { type ArgumentChange, argumentChange, flatten } from "./vault-arguments";
import { classOf, isGuard, isOpening, isOperation } from "./vault-settings";
import { coverageOf } from "../analysis/coverage/status";
import { isBinding } from "../analysis/vault/bindings";
import { type Duplicate, duplicatesOf, identifyingArguments, namesOf } from "../analysis/vault/object-key";
import { identityKey, type IdentityKind } from "../analysis/vault/identity";
import { loginIdentity } from "../analysis/vault/logins";
import { placeOf } from "../analysis/terraform/sources";
import { movesBetween } from "../analysis/terraform/model";
import type { Environment, Resource } from "../analysis/terraform/synthesized";
import { textOf } from "../analysis/terraform/values";

/** Arguments that change nothing in Vault, with the reason. */
export const INERT: Readonly<Record<string, string>> = {
  "//": "comment of the synthesis",
  description: "text for people",
  comment: "text for people",
  id: "computed by the provider",
  depends_on: "order of the apply",
  timeouts: "patience of the provider",
  provider: "connection, which is compared itself",
  lifecycle: "handling by Terraform, which is compared itself",
  provisioner: "code, which is compared itself",
  connection: "connection of a provisioner",
  count: "number of objects, which are compared themselves",
  for_each: "number of objects, which are compared themselves",
};

/** Types that are compared elsewhere: policies and credentials. */
const ELSEWHERE =
  /^vault_(policy|[a-z_]+_secret(_backend)?_(static_|dynamic_)?role(set)?|database_secret_backend_connection)$/;

/** Types that are identities. Their policies, conditions and TTLs are compared as such. */
const IDENTITIES =
  /^vault_token$|_auth_backend_(role|user|group)$|^vault_github_(team|user)$|^vault_identity_(entity|group)$/;

const OF_IDENTITIES = /^(token_)?policies$|^(token_)?(explicit_)?(max_)?ttl$|^(token_)?period$/;

const OF_ALIASES = ["name", "mount_accessor", "canonical_id"];

/** Writes on paths that are not in the table of Vault's API. */
const UNKNOWN = /^vault_generic_/;

/** Changes to everything in Vault that gives access or changes the records of requests, by the arguments. */
export function vaultChanges(before: Environment, after: Environment): Change[] {
  const of = ({ resources }: Environment) => resources.filter(isCompared);
  const moved = [...movesBetween(before, after)].map(([from, to]) =>
    [from, to].map((one) => one.replace(/^\S+ /, "")),
  );
  return [
    ...pairsOf(groupsOf(of(before).map((one) => atNewAddresses(one, moved))), groupsOf(of(after))).flatMap(
      (pair) => changesOf(pair),
    ),
    ...duplicateChanges(duplicatesOf(before.resources), duplicatesOf(after.resources)),
  ];
}

/** Resource with its references to moved resources as they are later. */
function atNewAddresses(resource: Resource, moved: readonly (readonly string[])[]): Resource {
  if (moved.length === 0) return resource;
  const text = JSON.stringify(resource.attributes);
  const renamed = moved.reduce(
    (all, [from, to]) => all.replaceAll(`{{terraform ${from}.`, `{{terraform ${to}.`),
    text,
  );
  if (renamed === text) return resource;
  const { stack, environment, type, address, writtenBy, file, existence, body, values, namespace } = resource;
  const attributes = JSON.parse(renamed) as Resource["attributes"];
  return {
    stack,
    environment,
    type,
    address,
    writtenBy,
    file,
    existence,
    body,
    values,
    namespace,
    attributes,
  };
}

/** Pairs of equal objects, also of renamed ones: those that one resource writes under another name. */
function pairsOf(before: readonly Group[], after: readonly Group[]) {
  const pairs = pairUp(before, after, ({ subject }) => subject);
  const gone = new Map(
    pairs.flatMap(({ before: was, after: is }) => (was && !is ? [[addressOf(was), was] as const] : [])),
  );
  const renamed = new Set<Group>();
  const found = pairs.map((pair) => {
    const was = pair.before ?? gone.get(addressOf(pair.after!));
    const isSameType = was?.resources[0].type === pair.after?.resources[0].type;
    if (!pair.before && was && isSameType) renamed.add(was);
    return { ...pair, before: pair.before ?? (was && renamed.has(was) ? was : undefined) };
  });
  return found.filter(({ before: was, after: is }) => is || !renamed.has(was!));
}

function addressOf({ resources: [{ stack, address }] }: Group): string {
  return `${stack} ${address}`;
}

function isCompared({ type, address }: Resource): boolean {
  // A type that no version of the provider has is named as unread.
  const isUnknown = address.startsWith(`${type}.`) && coverageOf("resource", type) === undefined;
  return type.startsWith("vault_") && !ELSEWHERE.test(type) && !isUnknown;
}

/** The alias of a group or an entity in the code is a condition of that identity. */
function isAliasInCode({ type, attributes }: Resource): boolean {
  return (
    /^vault_identity_(group|entity)_alias$/.test(type) &&
    /^\{\{terraform vault_identity_\w+\.[\w-]+(\[.*\])?\.id\}\}$/.test(textOf(attributes.canonical_id))
  );
}

/** Resources that write one object. */
interface Group {
  readonly subject: string;
  readonly resources: readonly Resource[];
}

function groupsOf(resources: readonly Resource[]): Group[] {
  const groups = new Map<string, Resource[]>();
  for (const resource of resources) {
    const key = subjectOf(resource);
    const known = groups.get(key);
    if (known) known.push(resource);
    else groups.set(key, [resource]);
  }
  return [...groups].map(([subject, all]) => ({ subject, resources: all }));
}

/** Key of an identity, so that its arguments weigh as much as its permissions. */
function keyOfIdentity(resource: Resource): string | undefined {
  const [, kind] = /^vault_identity_(entity|group)$/.exec(resource.type) ?? [];
  if (kind === undefined) return loginIdentity(resource)?.key;
  const [name = resource.address] = namesOf(resource);
  return identityKey(resource.namespace, "identity", kind as IdentityKind, name);
}

/** Name of the object of a resource, such as `mount secret`. */
function subjectOf(resource: Resource): string {
  const { type, namespace } = resource;
  const key = IDENTITIES.test(type) ? keyOfIdentity(resource) : undefined;
  if (key !== undefined) return key;
  const prefix = namespace && `${namespace}/`;
  const names = namesOf(resource);
  const kind = type.replace(/^vault_/, "").replaceAll("_", " ");
  // A name that only Terraform knows says less than the address.
  const isNamed = names.length > 0 && names.every((name) => !name.includes("{{terraform "));
  return `${prefix}${kind} ${isNamed ? names.join("/") : resource.address}`;
}

function changesOf({
  key,
  before,
  after,
}: {
  readonly key: string;
  readonly before?: Group;
  readonly after?: Group;
}): Change[] {
  const resource = (after ?? before)!.resources[0];
  const { type } = resource;
  const base = { kind: kindOf(type), subject: key, details: [placeOf(resource)] };
  const found = argumentChanges(resource, before, after);
  if (before && after) {
    return found.map(({ direction, what, label }) => ({
      ...base,
      ...(direction === "same" && { kind: "operation" as const }),
      direction,
      what,
      labels: UNKNOWN.test(type) ? ["unreadable"] : label ? [label] : [],
    }));
  }
  if (/^vault_identity_(entity|group)$/.test(type) || isAliasInCode(resource)) return [];
  if (isOperation(type)) {
    const what = after ? "+ a new one" : "- no longer there";
    return [{ ...base, kind: "operation", direction: "same", what, labels: [] }];
  }
  // A new object has nothing to lose.
  const risks = found.flatMap(({ direction, label }) =>
    direction === "wider" && label && label !== "delete" ? [label] : [],
  );
  if (IDENTITIES.test(type) && risks.length === 0) return [];
  if (!after && isLoss(type) && !isGuard(type)) return [];
  return [{ ...base, ...presence(type, after !== undefined, risks) }];
}

function presence(
  type: string,
  isNew: boolean,
  risks: readonly Label[],
): Pick<Change, "direction" | "what" | "labels"> {
  if (UNKNOWN.test(type)) {
    const what = `${isNew ? "+" : "-"} a write on a path whose meaning is not known`;
    return { direction: isNew ? "wider" : "changed", what, labels: isNew ? ["unreadable"] : [] };
  }
  const isWider = isGuard(type) ? !isNew || risks.length > 0 : isNew;
  const isRisk = isGuard(type) ? !isNew : isNew && isOpening(type);
  return {
    direction: isWider ? "wider" : "narrower",
    what: isNew ? "+ a new one" : "- no longer there",
    labels: isWider ? sortLabels([...risks, ...(isRisk ? [classOf(type)] : [])]) : [],
  };
}

function argumentChanges(
  resource: Resource,
  before: Group | undefined,
  after: Group | undefined,
): ArgumentChange[] {
  const { type } = resource;
  const isAlias = isAliasInCode(resource);
  const [was, is] = [before, after].map((group) => mergedArguments(group?.resources ?? []));
  const hasNewName = before && after && before.subject !== after.subject && !IDENTITIES.test(type);
  // Names tell equal objects apart, and say what a new one is.
  const groups = before && after && !hasNewName ? [before, after] : [];
  const identifying = groups.flatMap(({ resources }) => resources.flatMap(identifyingArguments));
  const names = [...new Set([...was.keys(), ...is.keys()])].sort();
  return names
    .filter(
      (name) =>
        !isHandled(type, name) &&
        !(isAlias && OF_ALIASES.includes(name)) &&
        (hasNewName || name !== "namespace") &&
        !identifying.includes(name),
    )
    .flatMap((name) => argumentChange(type, name, was.get(name), is.get(name)) ?? []);
}

/** Arguments of all resources that write an object. A value of any of them may hold. */
function mergedArguments(resources: readonly Resource[]): Map<string, unknown> {
  const merged = new Map<string, unknown[]>();
  for (const { attributes } of resources) {
    for (const [name, value] of flatten(attributes)) merged.set(name, [...(merged.get(name) ?? []), value]);
  }
  return new Map(
    [...merged].map(([name, values]) => {
      const different = [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
      return [name, different.length === 1 ? different[0] : different.flat()];
    }),
  );
}

function isHandled(type: string, name: string): boolean {
  const [first] = name.split(".");
  if (Object.hasOwn(INERT, first)) return true;
  if (/^vault_([a-z]+_)?auth_backend$/.test(type) && first === "token_policies") return true;
  return IDENTITIES.test(type) && (isBinding(first) || OF_IDENTITIES.test(first));
}

function kindOf(type: string): ChangeKind {
  if (/auth_backend|^vault_(identity|mfa|github)|^vault_generic_/.test(type)) return "login";
  return /^vault_(mount|audit|namespace|plugin|quota|raft|config|[er]gp|password|secrets_sync|managed|license)/.test(
    type,
  )
    ? "vault"
    : "credentials";
}

/** Objects that several resources write, since the change. */
function duplicateChanges(before: readonly Duplicate[], after: readonly Duplicate[]): Change[] {
  const known = new Map(before.map(({ key, resources }) => [key, resources.length]));
  return after
    .filter(({ key, resources }) => resources.length > (known.get(key) ?? 1))
    .map(({ resources }): Change => {
      const places = resources.map(placeOf);
      return {
        kind: kindOf(resources[0].type),
        direction: "wider",
        subject: subjectOf(resources[0]),
        what: `+ written ${resources.length} times; any of them may hold`,
        labels: ["unreadable"],
        details: places.map((place) => mark(place)),
      };
    });
}
