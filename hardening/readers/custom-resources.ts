import type { Element } from "../element";
import { memo } from "../memo";
import type { Platform } from "../platform";
import { type Block, block, isBlock, text } from "./blocks";
import { releaseOf } from "./helm";

/** Kubernetes object that is not a typed Terraform resource. */
export interface CustomResource {
  /** Block that creates the object. */
  readonly element: Element;
  /** API group and version. */
  readonly apiVersion: string;
  /** Kind of the object. */
  readonly kind: string;
  /** Name of the object. */
  readonly name: string;
  /** Specification of the object. */
  readonly spec: Block;
}

/** Objects of an element: a manifest, or manifests in the values of a Helm release. */
export const customResourcesOf = memo((element: Element): CustomResource[] => {
  if (element.block !== "resource") return [];
  if (element.type === "kubernetes_manifest") return find(element, element.body.manifest);
  return find(element, releaseOf(element)?.values);
});

/** Objects of all manifests and Helm releases of a platform. */
export const customResourcesIn = memo((platform: Platform): CustomResource[] =>
  platform.resources("kubernetes_manifest", "helm_release").flatMap(customResourcesOf),
);

function find(element: Element, value: unknown): CustomResource[] {
  if (Array.isArray(value)) return value.flatMap((item) => find(element, item));
  if (!isBlock(value)) return [];
  const apiVersion = text(value.apiVersion);
  const kind = text(value.kind);
  if (apiVersion === undefined || kind === undefined || !isBlock(value.spec)) {
    return Object.values(value).flatMap((item) => find(element, item));
  }
  return [{ element, apiVersion, kind, name: text(block(value.metadata).name) ?? "", spec: value.spec }];
}
