import type { Element } from "../element";
import { block, text } from "./blocks";

/**
 * Name of a Kubernetes object. It resolves a token for the object's resource, such as
 * `${kubernetes_namespace_v1.Namespace.metadata[0].name}`.
 */
export function objectName({ platform }: Element, name: unknown): string | undefined {
  const reference = /^\$\{(kubernetes_\w+)\.([\w-]+)\.metadata(?:\[0\]|\.0)?\.name\}$/.exec(text(name) ?? "");
  if (!reference) return text(name);
  const [, type, id] = reference;
  const target = platform.resources(type).find((element) => element.name === id);
  return text(block(target?.body.metadata).name) ?? text(name);
}

/** Namespace of a Kubernetes object. */
export function namespaceOf(element: Element, metadata: unknown): string {
  return objectName(element, block(metadata).namespace) ?? "default";
}
