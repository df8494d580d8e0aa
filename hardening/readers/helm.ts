import { parseHelmValues } from "../../constructs/core/helm-values";
import type { Element } from "../element";
import { memo } from "../memo";
import type { Platform } from "../platform";
import { type Block, block, blocks, isBlock, isReference, text, texts } from "./blocks";
import { namespaceOf } from "./names";

/** Helm release with its merged values. */
export interface Release {
  /** Block that creates the release. */
  readonly element: Element;
  /** Name of the release. */
  readonly name: string;
  /** Namespace of the release. */
  readonly namespace: string;
  /** Values as Helm merges them. */
  readonly values: Block;
  /** True if only Terraform knows a part of the values, so that a missing value cannot be evaluated. */
  readonly isPartlyUnknown: boolean;
}

/** Helm release of an element. */
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

/** Returns true for a release of Vault's Helm chart. */
export function isVaultRelease({ block: kind, type, body }: Element): boolean {
  return kind === "resource" && type === "helm_release" && chartName(text(body.chart) ?? "") === "vault";
}

/** Release of Vault's Helm chart of an element. */
export function vaultReleaseOf(element: Element): Release | undefined {
  return isVaultRelease(element) ? read(element) : undefined;
}

/** Releases of Vault's Helm chart in a platform. */
export function vaultReleasesIn(platform: Platform): Release[] {
  return platform.resources("helm_release").filter(isVaultRelease).map(read);
}

/** Value at a path of keys; undefined if a key is missing. */
export function valueAt(values: Block, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (isBlock(value) ? value[key] : undefined), values);
}

/** Block at a path of keys; empty if a key is missing. */
export function blockAt(values: Block, path: string): Block {
  return block(valueAt(values, path));
}

/** Name of a chart without repository, folder and version. */
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

/** Keys of a path. Helm splits at dots; a backslash escapes a dot. Indices of lists are keys here. */
function keys(name: string): string[] {
  return name
    .replace(/\[(\d+)\]/g, ".$1")
    .split(/(?<!\\)\./)
    .map((key) => key.replaceAll("\\.", "."));
}

function nest(path: readonly string[], value: unknown): Block {
  return path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Block;
}
