import { type Binding, type Rbac, type Request, type RoleReference, keyOfRole, ruleAllows } from "./rbac";
import { type Rule, isKnown } from "./rules";

/** Rule with the namespace in which it applies. */
export interface Grant {
  /** Rule of a role. */
  readonly rule: Rule;
  /** Namespace. @default - none: the whole cluster */
  readonly namespace?: string;
  /** Role that contains the rule. */
  readonly role: RoleReference;
}

/** One verb on one kind of resource. `*` stands for all. */
export interface Right {
  /** Verb. */
  readonly verb: string;
  /** API group; "" is the core group. Undefined for a URL. */
  readonly group?: string;
  /** Resource, with the subresource behind a slash, or URL. */
  readonly resource: string;
  /** Name of the object. @default - all objects */
  readonly name?: string;
  /** Namespace. @default - none: the whole cluster */
  readonly namespace?: string;
  /** Role that contains the right. */
  readonly role: RoleReference;
}

/** Rights, as far as they are known. */
export interface Rights {
  /** Rules with their namespaces. */
  readonly grants: readonly Grant[];
  /** Descriptions of rights that are not known. */
  readonly unknown: readonly string[];
}

/** A name that no rule contains. */
const OTHER = "\u0000";

/** Rights that bindings give together. */
export function rightsOf(rbac: Rbac, bindings: readonly Binding[]): Rights {
  const grants: Grant[] = [];
  const unknown: string[] = [];
  for (const { role, namespace, object } of bindings) {
    const rules = role && rbac.rulesOf(role);
    if (!rules) {
      unknown.push(
        role ? `${keyOfRole(role)}, whose rules are not here` : `the role of ${object.kind} ${object.name}`,
      );
      continue;
    }
    for (const rule of rules) {
      grants.push({ rule, namespace, role });
      if (!isKnown(rule)) unknown.push(`${keyOfRole(role)}: ${describeUnknown(rule)}`);
    }
  }
  return { grants, unknown };
}

/** Rights that the grants contain and that others do not cover, each once. */
export function uncovered(grants: readonly Grant[], others: readonly Grant[]): Right[] {
  const covered = new Set(others.map(fingerprint));
  const found = new Map<string, Right>();
  for (const grant of grants) {
    if (covered.has(fingerprint(grant))) continue;
    for (const right of expand(grant)) {
      if (!isCovered(right, others)) found.set(JSON.stringify({ ...right, role: "" }), right);
    }
  }
  return [...found.values()];
}

function fingerprint({ rule, namespace }: Grant): string {
  return JSON.stringify([rule, namespace]);
}

/** Rights of a rule, one for each combination. Those that depend on an unknown value are left out. */
function expand({ rule, namespace, role }: Grant): Right[] {
  if (rule.isPerhaps) return [];
  const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } = rule;
  const all = resourceNames.values.length === 0 && resourceNames.isComplete;
  const names = all ? [undefined] : resourceNames.values;
  const urls = namespace === undefined ? nonResourceURLs.values : [];
  return verbs.values.flatMap((verb) => [
    ...urls.map((resource) => ({ verb, resource, role })),
    ...apiGroups.values.flatMap((group) =>
      resources.values.flatMap((resource) =>
        names.map((name) => ({
          verb,
          group,
          resource,
          role,
          ...(name !== undefined && { name }),
          ...(namespace !== undefined && { namespace }),
        })),
      ),
    ),
  ]);
}

/**
 * Returns true if one grant covers a right. It suffices to ask for a name that no rule contains wherever the right has
 * a wildcard: a rule that allows it has a wildcard there, too.
 */
function isCovered(right: Right, grants: readonly Grant[]): boolean {
  const request = requestOf(right);
  return grants.some(
    ({ rule, namespace }) =>
      (namespace === undefined || namespace === right.namespace) && ruleAllows(rule, request) === "yes",
  );
}

function requestOf({ verb, group, resource, name = OTHER, namespace }: Right): Request {
  const asked = (value: string) => (value === "*" ? OTHER : value);
  if (group === undefined) return { verb: asked(verb), path: resource.replace(/\*+$/, OTHER) };
  const [kind, subresource] = resource === "*" ? [OTHER, OTHER] : resource.split("/");
  return { verb: asked(verb), group: asked(group), resource: asked(kind), subresource, name, namespace };
}

function describeUnknown({ verbs, resources, resourceNames, isPerhaps }: Rule): string {
  if (isPerhaps) return "rules of another role, which may be part of it";
  const show = ({ values, isComplete }: Rule["verbs"]) =>
    [...values, ...(isComplete ? [] : ["..."])].join(", ");
  const names = show(resourceNames);
  return `${show(verbs)} ${show(resources)}${names && ` ${names}`}`;
}

/** Rights as few lines, in the order of the first rights. */
export function describeRights(rights: readonly Right[]): string[] {
  const lines = rights.map(({ verb, ...right }): Line => ({ ...partsOf(right), verbs: [verb] }));
  const parts = ["verbs", "resources", "names", "namespaces"] as const;
  return parts.reduce<readonly Line[]>(merge, lines).map(lineOf);
}

interface Line {
  readonly verbs: readonly string[];
  readonly resources: readonly string[];
  readonly names: readonly (string | undefined)[];
  readonly namespaces: readonly (string | undefined)[];
}

function partsOf({ group, resource, name, namespace }: Omit<Right, "verb">): Omit<Line, "verbs"> {
  const everything = group === undefined ? "all URLs" : "all resources";
  const shown = resource === "*" ? everything : resource;
  const full =
    group === undefined || group === ""
      ? shown
      : group === "*"
        ? `${shown} of all API groups`
        : `${shown}.${group}`;
  return { resources: [full], names: [name], namespaces: [namespace] };
}

/** Joins lines that differ in one part alone. */
function merge(lines: readonly Line[], part: keyof Line): Line[] {
  const found = new Map<string, Line>();
  for (const line of lines) {
    const key = JSON.stringify({ ...line, [part]: [] });
    const known = found.get(key);
    const values = [...new Set([...(known?.[part] ?? []), ...line[part]])].sort();
    found.set(key, { ...line, [part]: values });
  }
  return [...found.values()];
}

function lineOf({ verbs, resources, names, namespaces }: Line): string {
  const named = names[0] === undefined ? "" : ` ${names.join(", ")}`;
  const where =
    namespaces[0] === undefined
      ? resources.every((resource) => resource === "all URLs" || resource.startsWith("/"))
        ? ""
        : " in the whole cluster"
      : ` in ${namespaces.join(", ")}`;
  return `${verbs.includes("*") ? "all verbs on" : verbs.join(", ")} ${resources.join(", ")}${named}${where}`;
}
