import { parseHelmValues } from "../../constructs/core/helm-values";
import type { Element } from "../element";
import { memo } from "../memo";
import type { Platform } from "../platform";
import { type Block, block, blocks, isBlock, isReference, text, texts } from "./blocks";
import { namespaceOf } from "./names";

/** A Helm release with its values as Helm merges them. */
export interface Release {
  readonly element: Element;
  readonly name: string;
  readonly namespace: string;
  readonly values: Block;
  /** True where a part of the values is known to Terraform alone, so that nothing can be said of what is missing. */
  readonly isPartlyUnknown: boolean;
}

/** The release that an element is. */
export const releaseOf: (element: Element) => Release | undefined = (element) =>
  element.block === "resource" && element.type === "helm_release" ? read(element) : undefined;

const read = memo((element: Element): Release => {
  const { body } = element;
  const documents = texts(body.values);
  const unknown = documents.filter(isReference);
  let values: Block = {};
  for (const document of documents.filter((item) => !isReference(item))) {
    values = merge(values, parseHelmValues(document) ?? {}) as Block;
  }
  for (const name of ["set", "set_list", "set_sensitive"]) {
    for (const item of blocks(body[name])) {
      values = merge(values, nest(keys(text(item.name) ?? ""), item.value)) as Block;
    }
  }
  return {
    element,
    name: text(body.name) ?? "",
    namespace: namespaceOf(element, body),
    values,
    isPartlyUnknown: unknown.length > 0,
  };
});

/** True for a release of Vault's own chart. */
export function isVaultRelease({ block: kind, type, body }: Element): boolean {
  return kind === "resource" && type === "helm_release" && chartName(text(body.chart) ?? "") === "vault";
}

/** The release of Vault's own chart that an element is. */
export function vaultReleaseOf(element: Element): Release | undefined {
  return isVaultRelease(element) ? read(element) : undefined;
}

export function vaultReleasesIn(platform: Platform): Release[] {
  return platform.resources("helm_release").filter(isVaultRelease).map(read);
}

/** A value by its path of keys; undefined where one of them is missing. */
export function valueAt(values: Block, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (isBlock(value) ? value[key] : undefined), values);
}

export function blockAt(values: Block, path: string): Block {
  return block(valueAt(values, path));
}

/** Without repository, folder and version. */
function chartName(chart: string): string {
  const last = chart.replace(/\/+$/, "").split("/").pop() ?? "";
  return last.replace(/-\d+\.\d+\.\d+.*\.tgz$/, "");
}

function merge(base: unknown, override: unknown): unknown {
  if (!isBlock(base) || !isBlock(override)) return override;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(override)) merged[key] = merge(base[key], value);
  return merged;
}

/** Helm parts keys by dots; a backslash keeps one. Indices of lists are keys here. */
function keys(name: string): string[] {
  return name
    .replace(/\[(\d+)\]/g, ".$1")
    .split(/(?<!\\)\./)
    .map((key) => key.replaceAll("\\.", "."));
}

function nest(path: readonly string[], value: unknown): Block {
  return path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Block;
}
