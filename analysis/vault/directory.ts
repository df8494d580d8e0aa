import { identityKey, type Identity, NO_LIFETIME, type PolicyUse } from "./identity";
import { isAttributeOf } from "../terraform/model";
import { vaultName } from "./object-key";
import type { Environment, Resource } from "../terraform/synthesized";
import { listOf, textOf } from "../terraform/values";

/** Group or entity, with additions from other resources. */
interface Member {
  readonly resource: Resource;
  readonly name: string;
  readonly policies: readonly string[];
  /** Names of the logins that resolve to it. */
  readonly aliases: readonly string[];
}

interface Group extends Member {
  readonly entityIds: readonly string[];
  readonly groupIds: readonly string[];
}

/**
 * Entities and groups of Vault's identity store. Their policies add to those of the login. The policies of a group also
 * apply to the members of its member groups.
 * @see https://developer.hashicorp.com/vault/docs/concepts/identity
 */
export function directoryIdentities({ resources }: Environment): Identity[] {
  const of = (type: string) => resources.filter((resource) => resource.type === type);
  const entities = of("vault_identity_entity").map((resource) => member(resource, "entity", resources));
  const groups = of("vault_identity_group").map((resource): Group => {
    const added = (type: string, attribute: string) =>
      of(type)
        .filter(({ attributes }) => refersTo(attributes.group_id, resource))
        .flatMap(({ attributes }) => listOf(attributes[attribute]));
    return {
      ...member(resource, "group", resources),
      entityIds: [
        ...listOf(resource.attributes.member_entity_ids),
        ...added("vault_identity_group_member_entity_ids", "member_entity_ids"),
      ],
      groupIds: [
        ...listOf(resource.attributes.member_group_ids),
        ...added("vault_identity_group_member_group_ids", "member_group_ids"),
      ],
    };
  });
  return [
    ...entities.map((entity) =>
      identity(entity, "entity", [
        ...entity.policies.map((name) => ({ name })),
        ...groups
          .filter(({ entityIds }) => entityIds.some((id) => refersTo(id, entity.resource)))
          .flatMap((group) => [group, ...ancestors(group, groups)])
          .flatMap((group) => viaGroup(group, entity.resource.namespace)),
      ]),
    ),
    ...groups.map((group) =>
      identity(group, "group", [
        ...group.policies.map((name) => ({ name })),
        ...ancestors(group, groups).flatMap((other) => viaGroup(other, group.resource.namespace)),
      ]),
    ),
  ];
}

function member(resource: Resource, kind: "entity" | "group", resources: readonly Resource[]): Member {
  const { attributes } = resource;
  const that = (type: string, id: string) =>
    resources.filter((other) => other.type === type && refersTo(other.attributes[id], resource));
  const added = that(`vault_identity_${kind}_policies`, `${kind}_id`);
  const aliases = that(`vault_identity_${kind}_alias`, "canonical_id");
  return {
    resource,
    name: textOf(attributes.name ?? resource.address),
    policies: [
      ...listOf(attributes.policies),
      ...added.flatMap((other) => listOf(other.attributes.policies)),
    ],
    aliases: aliases.map((other) => `${textOf(other.attributes.name)} at ${mountOf(other, resources)}`),
  };
}

/** Mount of an alias. An alias refers to its mount by the accessor, which only Terraform knows. */
function mountOf({ attributes }: Resource, resources: readonly Resource[]): string {
  const accessor = textOf(attributes.mount_accessor);
  const mount = resources.find((resource) => isAttributeOf(accessor, resource, "accessor"));
  return mount ? `auth/${textOf(mount.attributes.path ?? mount.attributes.type)}` : accessor;
}

function refersTo(id: unknown, resource: Resource): boolean {
  return isAttributeOf(id, resource, "id");
}

/** Groups that contain a group, directly or through other groups. */
function ancestors(group: Group, groups: readonly Group[]): Group[] {
  const found = new Set<Group>();
  const visit = (child: Group) => {
    for (const parent of groups) {
      if (found.has(parent) || !parent.groupIds.some((id) => refersTo(id, child.resource))) continue;
      found.add(parent);
      visit(parent);
    }
  };
  visit(group);
  found.delete(group);
  return [...found];
}

/**
 * Policies that an identity has through a group. A group may have members in another namespace of Vault Enterprise; its
 * policies belong to the namespace of the group.
 */
function viaGroup({ name, policies, resource: { namespace } }: Group, own: string): PolicyUse[] {
  return policies.map((policy) => ({
    name: policy,
    via: `group ${name}`,
    ...(namespace !== own && { namespace }),
  }));
}

function identity(
  { resource, name, aliases }: Member,
  kind: "entity" | "group",
  policies: PolicyUse[],
): Identity {
  const { namespace, attributes } = resource;
  const isExternal = kind === "group" && attributes.type === "external";
  return {
    key: identityKey(namespace, "identity", kind, vaultName(resource.type, name)),
    kind,
    namespace,
    mount: "identity",
    name,
    subject: [`${isExternal ? "external " : ""}${kind} ${name}`, ...aliases].join(", "),
    policies,
    bindings: aliases.length > 0 ? [{ name: "alias", values: [...aliases].sort(), effect: "admission" }] : [],
    lifetime: NO_LIFETIME,
    writtenBy: resource.writtenBy,
    file: resource.file,
    stack: resource.stack,
  };
}
