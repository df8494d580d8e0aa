import type { Element } from "../element";
import { memo } from "../memo";
import type { Platform } from "../platform";
import { type Block, block, isBlock, text } from "./blocks";
import { releaseOf } from "./helm";

/** An object of any kind that is not a typed resource of Terraform. */
export interface CustomResource {
  readonly element: Element;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly spec: Block;
}

/** The objects that an element makes: a manifest, or what stands as such in the values of a Helm release. */
export const customResourcesOf = memo((element: Element): CustomResource[] => {
  if (element.block !== "resource") return [];
  if (element.type === "kubernetes_manifest") return find(element, element.body.manifest);
  return find(element, releaseOf(element)?.values);
});

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
