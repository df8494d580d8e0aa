import type { Element } from "../element";
import { block, text } from "./blocks";

/**
 * The name of an object of Kubernetes, also where Terraform takes it from the object's resource, such as
 * `${kubernetes_namespace_v1.Namespace.metadata[0].name}`.
 */
export function objectName({ platform }: Element, name: unknown): string | undefined {
  const reference = /^\$\{(kubernetes_\w+)\.([\w-]+)\.metadata(?:\[0\]|\.0)?\.name\}$/.exec(text(name) ?? "");
  if (!reference) return text(name);
  const [, type, id] = reference;
  const target = platform.resources(type).find((element) => element.name === id);
  return text(block(target?.body.metadata).name) ?? text(name);
}

/** Namespace of an object. */
export function namespaceOf(element: Element, metadata: unknown): string {
  return objectName(element, block(metadata).namespace) ?? "default";
}
