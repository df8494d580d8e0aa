import type { Element } from "../element";
import { memo } from "../memo";
import { type Block, block, blocks, field, text, texts } from "./blocks";

/** Rules of a Role or ClusterRole. */
export interface RbacRules {
  /** Kind of the role. */
  readonly kind: "Role" | "ClusterRole";
  /** Rules of the role. */
  readonly rules: readonly Block[];
}

const ROLES: Readonly<Record<string, RbacRules["kind"]>> = {
  kubernetes_role: "Role",
  kubernetes_role_v1: "Role",
  kubernetes_cluster_role: "ClusterRole",
  kubernetes_cluster_role_v1: "ClusterRole",
};

const BINDINGS: Readonly<Record<string, string>> = {
  kubernetes_role_binding: "RoleBinding",
  kubernetes_role_binding_v1: "RoleBinding",
  kubernetes_cluster_role_binding: "ClusterRoleBinding",
  kubernetes_cluster_role_binding_v1: "ClusterRoleBinding",
};

/** Role of an element, from the typed resource or a manifest. */
export const rbacRulesOf = memo((element: Element): RbacRules | undefined => {
  const [kind, body] = typed(element, ROLES);
  return kind === "Role" || kind === "ClusterRole"
    ? { kind, rules: blocks(field(body, "rule", "rules")) }
    : undefined;
});

/** Binding of an element, with the name of the role that it binds. */
export const roleReferenceOf = memo((element: Element): { binding: string; role: string } | undefined => {
  const [binding, body] = typed(element, BINDINGS);
  const role = text(block(field(body, "role_ref", "roleRef")).name);
  return binding !== undefined && role !== undefined ? { binding, role } : undefined;
});

/** Problems of rules that read Secrets without naming them, one for each rule. */
export function readsSecrets(rules: readonly Block[]): string[] {
  return rules.flatMap((rule) => {
    const groups = texts(field(rule, "api_groups", "apiGroups"));
    const resources = texts(rule.resources);
    const verbs = texts(rule.verbs).filter((verb) => ["get", "list", "watch", "*"].includes(verb));
    const concerns =
      ["", "*"].some((it) => groups.includes(it)) && ["secrets", "*"].some((it) => resources.includes(it));
    const named = texts(field(rule, "resource_names", "resourceNames")).length > 0;
    // Kubernetes applies resourceNames to get, but not to list and watch.
    const open = named ? verbs.filter((verb) => verb !== "get") : verbs;
    return concerns && open.length > 0 ? [`the role may ${open.join(", ")} Secrets, whichever they are`] : [];
  });
}

function typed(
  element: Element,
  types: Readonly<Record<string, string>>,
): [kind: string | undefined, body: Block] {
  if (element.block !== "resource") return [undefined, {}];
  if (element.type !== "kubernetes_manifest") return [types[element.type], element.body];
  const manifest = block(element.body.manifest);
  return [text(manifest.kind), manifest];
}
