import { unescaped } from "../../constructs/core/literal";
import { type Element, refersTo } from "../element";
import { memo } from "../memo";
import type { Platform } from "../platform";
import { type Block, block, isBlock, text } from "./blocks";
import { namespaceOf } from "./names";

export interface ConfigMap {
  readonly element: Element;
  readonly name: string;
  readonly namespace: string;
  /** Texts by key, as pods see them. */
  readonly data: Readonly<Record<string, string>>;
}

const TYPES = ["kubernetes_config_map", "kubernetes_config_map_v1"];

/** The ConfigMap that an element is, of the typed resource or as a manifest. */
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

/** ConfigMaps of a name in a namespace; the name may be a reference to the resource. */
export function findConfigMaps(platform: Platform, namespace: string, name: string): ConfigMap[] {
  const byName = configMapsIn(platform);
  if (!name.includes("${")) return byName.get(`${namespace}/${name}`) ?? [];
  return [...byName.values()].flat().filter(({ element }) => refersTo(name, element));
}

/** The entries of a ConfigMap that are HCL or the same in JSON, and not a script that holds some. */
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
