import { unescaped } from "../../constructs/core/literal";
import { type Element, refersTo } from "../element";
import { memo } from "../memo";
import type { Platform } from "../platform";
import { type Block, block, isBlock, text } from "./blocks";
import { namespaceOf } from "./names";

/** ConfigMap of a stack. */
export interface ConfigMap {
  /** Block that creates the ConfigMap. */
  readonly element: Element;
  /** Name of the ConfigMap. */
  readonly name: string;
  /** Namespace of the ConfigMap. */
  readonly namespace: string;
  /** Strings by key, as pods read them. */
  readonly data: Readonly<Record<string, string>>;
}

const TYPES = ["kubernetes_config_map", "kubernetes_config_map_v1"];

/** ConfigMap of an element, from the typed resource or a manifest. */
export const configMapOf = memo((element: Element): ConfigMap | undefined => {
  if (element.block !== "resource") return undefined;
  const manifest = element.type === "kubernetes_manifest" ? block(element.body.manifest) : undefined;
  const body =
    manifest?.kind === "ConfigMap" ? manifest : TYPES.includes(element.type) ? element.body : undefined;
  if (!body) return undefined;
  const metadata = block(body.metadata);
  return {
    element,
    name: text(metadata.name) ?? "",
    namespace: namespaceOf(element, metadata),
    data: readData(body.data),
  };
});

const configMapsIn = memo((platform: Platform): Map<string, ConfigMap[]> => {
  const byName = new Map<string, ConfigMap[]>();
  for (const element of platform.resources(...TYPES, "kubernetes_manifest")) {
    const configMap = configMapOf(element);
    if (!configMap) continue;
    const key = `${configMap.namespace}/${configMap.name}`;
    byName.set(key, [...(byName.get(key) ?? []), configMap]);
  }
  return byName;
});

/** ConfigMaps with a name in a namespace; the name can be a token for the resource. */
export function findConfigMaps(platform: Platform, namespace: string, name: string): ConfigMap[] {
  const byName = configMapsIn(platform);
  if (!name.includes("${")) return byName.get(`${namespace}/${name}`) ?? [];
  return [...byName.values()].flat().filter(({ element }) => refersTo(name, element));
}

/** Entries of a ConfigMap that are HCL or its JSON form, and not a script that contains HCL. */
export function hclEntries({ data }: ConfigMap): [key: string, content: string][] {
  return Object.entries(data).filter(([key, content]) => {
    if (/\.(hcl|json)$/.test(key)) return true;
    return !/\.(sh|md|txt|ya?ml)$/.test(key) && !content.startsWith("#!");
  });
}

function readData(data: unknown): Record<string, string> {
  const entries: Block = isBlock(data) ? data : {};
  return Object.fromEntries(
    Object.entries(entries).map(([key, value]) => [key, unescaped(text(value) ?? "")]),
  );
}
