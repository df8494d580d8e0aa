import { DEFAULT_OBJECTS } from "./default-roles";
import type { KubernetesObject } from "./objects";
import { type Rule, rulesOf } from "./rules";
import { type Answer, all, any, contains } from "./answers";
import { matchesLabels } from "./selectors";
import { block, blocks, hasUnknownBlocks, isUnknown, text } from "./values";

/** User as the API server sees it. */
export interface User {
  /** Name, such as `system:serviceaccount:vault:backup`. */
  readonly name: string;
  /** Groups, such as `system:authenticated`. */
  readonly groups: readonly string[];
}

/** Request to the API server: for an object, or for a URL that is no object. */
export type Request =
  | {
      /** Verb of the API, such as `list`. */
      readonly verb: string;
      /** API group; "" is the core group. */
      readonly group: string;
      /** Plural name of the resource, such as `pods`. */
      readonly resource: string;
      /** Part of the object, such as `exec`. @default - the object */
      readonly subresource?: string;
      /** Name of the object. @default - none: a request for a list or for a new object */
      readonly name?: string;
      /** Namespace. @default - none: a request for all namespaces, or for a cluster-scoped object */
      readonly namespace?: string;
    }
  | { readonly verb: string; readonly path: string };

/** Subject of a binding. */
export interface Subject {
  /** Kind of the subject. */
  readonly kind: "User" | "Group" | "ServiceAccount";
  /** Name of the subject. */
  readonly name: string;
  /** Namespace of a ServiceAccount. */
  readonly namespace?: string;
}

/** Role that a binding refers to. */
export interface RoleReference {
  /** Kind of the role. */
  readonly kind: "Role" | "ClusterRole";
  /** Name of the role. */
  readonly name: string;
  /** Namespace of a Role. */
  readonly namespace?: string;
}

/** Binding of a role to subjects. */
export interface Binding {
  /** Object that binds. */
  readonly object: KubernetesObject;
  /** Namespace in which the binding applies. @default - none: the whole cluster */
  readonly namespace?: string;
  /** Role; undefined if it is unknown. */
  readonly role?: RoleReference;
  /** Subjects that are known. */
  readonly subjects: readonly Subject[];
  /** False if the binding may have other subjects. */
  readonly isComplete: boolean;
}

const API_GROUP = /^rbac\.authorization\.k8s\.io\//;

/** Returns true for an object of RBAC, and not for one of another API with the same kind. */
export function isRbac({ apiVersion }: KubernetesObject): boolean {
  return apiVersion === undefined || isUnknown(apiVersion) || API_GROUP.test(apiVersion);
}

/**
 * Role-based access control of a cluster, evaluated as the API server does. Objects of the same name count together:
 * which one is in force is not known.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
export class Rbac {
  /** Bindings that the objects define, without those of every cluster. */
  readonly bindings: readonly Binding[];
  /** Keys of all roles that the objects define, without those of every cluster. */
  readonly roles: readonly RoleReference[];
  private readonly every: readonly Binding[];
  private readonly byKey = new Map<string, KubernetesObject[]>();
  private readonly clusterRoles: readonly KubernetesObject[];
  private readonly rules = new Map<string, readonly Rule[] | undefined>();

  constructor(objects: readonly KubernetesObject[]) {
    const own = objects.filter(isRbac);
    const known = [...DEFAULT_OBJECTS, ...own];
    for (const object of known) {
      const role = roleOf(object);
      if (!role) continue;
      const key = keyOfRole(role);
      this.byKey.set(key, [...(this.byKey.get(key) ?? []), object]);
    }
    this.clusterRoles = known.filter(({ kind }) => kind === "ClusterRole");
    this.roles = own.flatMap((object) => roleOf(object) ?? []);
    this.bindings = own.flatMap(readBinding);
    this.every = [...DEFAULT_OBJECTS.flatMap(readBinding), ...this.bindings];
  }

  /** Decides whether a user can make a request. */
  can(user: User, request: Request): Answer {
    // The API server allows this group everything, whatever the bindings are.
    if (user.groups.includes("system:masters")) return "yes";
    return any(
      this.every.map((binding) =>
        all([appliesTo(binding, user), () => inScope(binding, request), () => this.allows(binding, request)]),
      ),
    );
  }

  /** Bindings that surely apply to a subject, with those of every cluster. */
  bindingsOf(subject: Subject): Binding[] {
    const user = userOf(subject);
    return this.every.filter((binding) => appliesTo(binding, user) === "yes");
  }

  /** Rules of a role, with aggregated ones. @returns undefined for a role whose rules are not known */
  rulesOf(role: RoleReference): readonly Rule[] | undefined {
    const key = keyOfRole(role);
    if (!this.rules.has(key)) {
      const found = this.byKey.get(key);
      this.rules.set(
        key,
        found?.flatMap((object) => this.collect(object, new Set())),
      );
    }
    return this.rules.get(key);
  }

  /** Objects that define a role. */
  definitionsOf(role: RoleReference): readonly KubernetesObject[] {
    return this.byKey.get(keyOfRole(role)) ?? [];
  }

  private allows({ role }: Binding, request: Request): Answer {
    const rules = role && this.rulesOf(role);
    return rules ? any(rules.map((rule) => () => ruleAllows(rule, request))) : "unknown";
  }

  /** Rules of a ClusterRole. Those of an aggregating one come from others alone, whatever it says itself. */
  private collect(object: KubernetesObject, visited: Set<KubernetesObject>): Rule[] {
    if (visited.has(object)) return [];
    visited.add(object);
    const aggregation = object.body.aggregationRule;
    if (object.kind !== "ClusterRole" || aggregation === undefined || aggregation === null) {
      return rulesOf(object.body.rules);
    }
    const selectors = block(aggregation).clusterRoleSelectors;
    const isOpen = [aggregation].flat().some(isUnknown) || hasUnknownBlocks(selectors);
    return [
      ...this.clusterRoles.flatMap((other) => {
        const labels = block(other.body.metadata).labels;
        const isChosen = any(blocks(selectors).map((selector) => matchesLabels(selector, labels)));
        if (isChosen === "no") return [];
        const rules = this.collect(other, visited);
        return isChosen === "yes" ? rules : rules.map((rule) => ({ ...rule, isPerhaps: true }));
      }),
      ...(isOpen ? rulesOf("${unknown}") : []),
    ];
  }
}

/** Identifies a role. */
export function keyOfRole({ kind, name, namespace }: RoleReference): string {
  return kind === "Role" ? `Role ${namespace}/${name}` : `ClusterRole ${name}`;
}

function roleOf({ kind, name, namespace }: KubernetesObject): RoleReference | undefined {
  return kind === "Role" || kind === "ClusterRole" ? { kind, name, namespace } : undefined;
}

function readBinding(object: KubernetesObject): Binding[] {
  const { kind, namespace, body } = object;
  if (kind !== "RoleBinding" && kind !== "ClusterRoleBinding") return [];
  const reference = block(body.roleRef);
  const [roleKind, name] = [text(reference.kind), text(reference.name)];
  const isKnown =
    (roleKind === "Role" || roleKind === "ClusterRole") && name !== undefined && !isUnknown(name);
  const all = blocks(body.subjects);
  const subjects = all.flatMap((subject) => subjectOf(subject, namespace) ?? []);
  return [
    {
      object,
      namespace,
      // A ClusterRoleBinding cannot refer to a Role.
      role:
        isKnown && (roleKind === "ClusterRole" || namespace !== undefined)
          ? { kind: roleKind, name, ...(roleKind === "Role" && { namespace }) }
          : undefined,
      subjects,
      isComplete:
        !hasUnknownBlocks(body.subjects) &&
        !all.some((subject) => [subject.kind, subject.name, subject.namespace].some(isUnknown)),
    },
  ];
}

function subjectOf(subject: Record<string, unknown>, own: string | undefined): Subject | undefined {
  const [kind, name] = [text(subject.kind), text(subject.name)];
  const namespace = text(subject.namespace) || own;
  if (name === undefined || isUnknown(name) || isUnknown(namespace)) return undefined;
  if (kind === "User" || kind === "Group") return { kind, name };
  if (kind !== "ServiceAccount" || namespace === undefined) return undefined;
  return { kind, name, namespace };
}

/** User of a subject, or a member of a group, with the groups that it surely has. */
export function userOf({ kind, name, namespace }: Subject): User {
  if (kind === "User")
    return {
      name,
      groups: [name === "system:anonymous" ? "system:unauthenticated" : "system:authenticated"],
    };
  if (kind === "ServiceAccount") {
    return {
      name: `system:serviceaccount:${namespace}:${name}`,
      groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
    };
  }
  if (name === "system:unauthenticated" || name === "system:authenticated")
    return { name: "", groups: [name] };
  const all = name.startsWith("system:serviceaccounts:") ? ["system:serviceaccounts"] : [];
  return { name: "", groups: [name, ...all, "system:authenticated"] };
}

/** Decides whether a binding names a user or one of the groups. */
function appliesTo({ subjects, isComplete }: Binding, user: User): Answer {
  const named = subjects.some(({ kind, name, namespace }) => {
    if (kind === "Group") return user.groups.includes(name);
    return user.name === (kind === "User" ? name : `system:serviceaccount:${namespace}:${name}`);
  });
  return named ? "yes" : isComplete ? "no" : "unknown";
}

function inScope({ namespace }: Binding, request: Request): Answer {
  if (namespace === undefined) return "yes";
  if ("path" in request) return "no";
  if (isUnknown(namespace)) return request.namespace === undefined ? "no" : "unknown";
  return namespace === request.namespace ? "yes" : "no";
}

/** Decides whether a rule allows a request, regardless of where it applies. */
export function ruleAllows(rule: Rule, request: Request): Answer {
  const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } = rule;
  const verb = contains(verbs, (item) => item === "*" || item === request.verb);
  const answer =
    "path" in request
      ? all([verb, () => contains(nonResourceURLs, (url) => matchesUrl(url, request.path))])
      : all([
          verb,
          () => contains(apiGroups, (group) => group === "*" || group === request.group),
          () => contains(resources, (item) => matchesResource(item, request.resource, request.subresource)),
          () =>
            resourceNames.values.length === 0 && resourceNames.isComplete
              ? "yes"
              : contains(resourceNames, (name) => name === (request.name ?? "")),
        ]);
  return answer === "yes" && rule.isPerhaps ? "unknown" : answer;
}

function matchesResource(pattern: string, resource: string, subresource: string | undefined): boolean {
  const whole = subresource === undefined || subresource === "" ? resource : `${resource}/${subresource}`;
  return pattern === "*" || pattern === whole || (!!subresource && pattern === `*/${subresource}`);
}

function matchesUrl(pattern: string, path: string): boolean {
  if (pattern === "*" || pattern === path) return true;
  return pattern.endsWith("*") && path.startsWith(pattern.replace(/\*+$/, ""));
}
