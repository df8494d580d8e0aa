import { type Danger, dangersOf } from "../../analysis/kubernetes/grave-rights";
import { vaultNamespacesIn } from "../../analysis/kubernetes/objects";
import type { Binding } from "../../analysis/kubernetes/rbac";
import { type Right, describeRights, rightsOf, uncovered } from "../../analysis/kubernetes/rights";
import type { Element } from "../element";
import { memo } from "../memo";
import type { Platform } from "../platform";
import { bindingsOf, rbacOf, rolesOf, sourceOf } from "../readers/kubernetes-objects";
import { type Readings, verdictOf } from "../readers/rbac";
import type { Rule } from "../rule";
import { forElements } from "../subjects";

const GRAVE: readonly Danger[] = ["everything", "code", "impersonation", "grants", "trust"];

/** Reports roles that let a subject run programs, or act as others, in Vault's namespace. */
export const rbacVaultNamespace: Rule = {
  id: "rbac-vault-namespace",
  level: "error",
  title: "Nobody runs programs or gets tokens of others in Vault's namespace by a role",
  item: "least-privilege",
  fix: "Take pods/exec, new pods, changed ConfigMaps and serviceaccounts/token out of the role, or name the one ServiceAccount in resource_names.",
  source: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks",
  check: forElements(
    (element) => grantsOf(element).length > 0,
    (element) => verdictOf([readingsOf(element)]),
  ),
};

const namespacesOf = memo((platform: Platform) => vaultNamespacesIn(platform.elements.map(sourceOf)));

/** Bindings of an element that apply in Vault's namespace, and Roles of that namespace, whether bound or not. */
function grantsOf(element: Element): Binding[] {
  const namespaces = namespacesOf(element.platform);
  const isThere = ({ namespace }: { readonly namespace?: string }) =>
    namespace === undefined || namespaces.has(namespace);
  return [
    ...rolesOf(element, "Role")
      .filter(isThere)
      .map((role) => ({ object: role, role, namespace: role.namespace, subjects: [], isComplete: true })),
    ...["RoleBinding", "ClusterRoleBinding"].flatMap((kind) =>
      bindingsOf(element, kind).filter((binding) => isThere(binding) && binding.role?.kind !== "Role"),
    ),
  ];
}

function readingsOf(element: Element): Readings {
  const { grants, unknown } = rightsOf(rbacOf(element.platform), grantsOf(element));
  const isGrave = (right: Right) =>
    // A named ServiceAccount is the purpose of the role.
    !(right.resource === "serviceaccounts/token" && right.name !== undefined) &&
    dangersOf(right, namespacesOf(element.platform)).some((danger) => GRAVE.includes(danger));
  const grave = uncovered(grants, []).filter(isGrave);
  return { problems: describeRights(grave).map((text) => `the role may ${text}`), unknown };
}
