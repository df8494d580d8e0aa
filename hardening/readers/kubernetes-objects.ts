import { type KubernetesObject, type Source, objectsOf } from "../../analysis/kubernetes/objects";
import { type Binding, Rbac, type RoleReference, isRbac } from "../../analysis/kubernetes/rbac";
import type { Element } from "../element";
import { memo } from "../memo";
import type { Platform } from "../platform";
import { type Block, isBlock } from "./blocks";
import { objectName } from "./names";

/** Resource of an element, in which tokens for names of Kubernetes objects are resolved. */
export const sourceOf = memo((element: Element): Source => {
  const { block: kind, type, body } = element;
  // Other resources create no objects of Kubernetes.
  if (kind !== "resource" || !/^(kubernetes_|helm_release$)/.test(type)) return { type: "", attributes: {} };
  return { type, attributes: resolved(element, body) as Block };
});

/** Kubernetes objects of an element: typed resources, manifests, and objects in the values of charts. */
export const kubernetesObjectsOf = memo((element: Element): KubernetesObject[] =>
  objectsOf(sourceOf(element)),
);

/** Role-based access control of a platform. */
export const rbacOf = memo(
  (platform: Platform): Rbac => new Rbac(platform.elements.flatMap(kubernetesObjectsOf)),
);

function resolved(element: Element, value: unknown): unknown {
  if (typeof value === "string") return value.includes("${") ? (objectName(element, value) ?? value) : value;
  if (Array.isArray(value)) return value.map((item) => resolved(element, item));
  if (!isBlock(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(element, item)]));
}

/** Roles of a kind that an element defines. */
export function rolesOf(element: Element, kind: RoleReference["kind"]): (KubernetesObject & RoleReference)[] {
  return kubernetesObjectsOf(element).filter(
    (object): object is KubernetesObject & RoleReference => object.kind === kind && isRbac(object),
  );
}

/** Bindings of a kind that an element defines. */
export function bindingsOf(element: Element, kind: string): Binding[] {
  const objects = new Set(kubernetesObjectsOf(element));
  if (objects.size === 0) return [];
  return rbacOf(element.platform).bindings.filter(
    ({ object }) => object.kind === kind && objects.has(object),
  );
}
