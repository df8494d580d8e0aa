import { parseHelmValues } from "../../constructs/core/helm-values";
import { type Block, block, blocks, isBlock, isUnknown, text } from "./values";

/** Kubernetes object, with the field names of Kubernetes. */
export interface KubernetesObject {
  /** API group and version. @default - unknown: a typed resource of Terraform */
  readonly apiVersion?: string;
  /** Kind of the object. */
  readonly kind: string;
  /** Name of the object. */
  readonly name: string;
  /** Namespace of the object. @default - none: a cluster-scoped kind */
  readonly namespace?: string;
  /** Content of the object. Blocks may be written without a list. */
  readonly body: Block;
}

/** Terraform resource or data source, as far as this module reads it. */
export interface Source {
  /** Terraform type, such as kubernetes_role_v1. */
  readonly type: string;
  /** Arguments, with references resolved as far as possible. */
  readonly attributes: Block;
}

/** Kind of an object that cannot be read because only Terraform knows its text. */
export const UNREADABLE = "(unreadable)";

/** Kinds of typed resources whose names do not follow from their types. */
const IRREGULAR: Readonly<Record<string, string>> = {
  daemonset: "DaemonSet",
  api_service: "APIService",
  default_service_account: "ServiceAccount",
  config_map_v1_data: "ConfigMap",
};

/** Kinds without a namespace that this module reads. */
const CLUSTER_SCOPED =
  /^(ClusterRole|ClusterRoleBinding|Namespace|.*WebhookConfiguration|.*AdmissionPolicy(Binding)?|CertificateSigningRequest|APIService|CustomResourceDefinition|PersistentVolume|StorageClass|PriorityClass|RuntimeClass|Cluster[A-Z]\w*)$/;

/** Names of lists in Kubernetes, by the name of the block in Terraform. */
const LISTS: Readonly<Record<string, string>> = {
  rule: "rules",
  subject: "subjects",
  container: "containers",
  init_container: "initContainers",
  volume: "volumes",
  volume_mount: "volumeMounts",
  webhook: "webhooks",
  toleration: "tolerations",
  image_pull_secret: "imagePullSecrets",
  secret: "secrets",
};

/** Fields whose keys are data. */
const MAPS = /^(labels|annotations|data|string_data|binary_data|match_labels|node_selector|limits|requests)$/;

/**
 * Kubernetes objects that a Terraform resource creates: the typed resource, the object of a manifest, or objects in
 * the values of a Helm release.
 */
export function objectsOf({ type, attributes }: Source): KubernetesObject[] {
  if (attributes.count === 0 || attributes.count === "0") return [];
  if (type === "kubernetes_manifest") return fromManifest(attributes.manifest, undefined);
  if (type === "helm_release") return inValues(helmValuesOf(attributes), namespaceOf(attributes.namespace));
  const [, name] = /^kubernetes_(\w+?)(?:_v\d\w*)?$/.exec(type) ?? [];
  if (name === undefined) return [];
  const body = camelBlock(attributes);
  const kind =
    IRREGULAR[name] ?? name.replace(/(^|_)([a-z])/g, (_match, _dash, letter) => letter.toUpperCase());
  return [make(undefined, kind, body, undefined)];
}

/** Values of a Helm release in the order of precedence. A document that cannot be read stays a text. */
export function helmValuesOf(attributes: Block): unknown[] {
  const documents = [attributes.values].flat().map((document): unknown => {
    if (typeof document !== "string") return document;
    try {
      return withSymbols(document, parseHelmValues);
    } catch {
      return document;
    }
  });
  const settings = ["set", "set_list", "set_sensitive", "set_wo"].flatMap((name) => blocks(attributes[name]));
  return [...documents, ...settings.map(({ name, value }) => nested(text(name) ?? "", value))];
}

/** Value of a setting. Helm splits names at dots; a backslash escapes a dot. */
function nested(name: string, value: unknown): unknown {
  return name
    .split(/(?<!\\)\./)
    .reduceRight((inner, key) => ({ [key.replaceAll("\\.", ".")]: inner }), value);
}

/** Parses a text whose symbols of unknown values YAML would read as objects. */
function withSymbols(document: string, parse: (text: string) => unknown): unknown {
  const symbols = document.match(/\{\{terraform [^{}]*\}\}/g) ?? [];
  if (symbols.length === 0) return parse(document);
  const name = (index: number) => `unknown-${index}-`;
  const plain = symbols.reduce((text, symbol, index) => text.replace(symbol, () => name(index)), document);
  const restore = (value: unknown): unknown => {
    if (typeof value === "string")
      return value.replace(/unknown-(\d+)-/g, (text, index) => symbols[Number(index)] ?? text);
    if (Array.isArray(value)) return value.map(restore);
    if (!isBlock(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [restore(key), restore(item)]));
  };
  return restore(parse(plain));
}

/** Namespaces that contain servers of Vault: those of releases of Vault's chart, and `vault`. */
export function vaultNamespacesIn(sources: readonly Source[]): ReadonlySet<string> {
  const releases = sources.filter(isVaultRelease).map(({ attributes }) => namespaceOf(attributes.namespace));
  return new Set(["vault", ...releases]);
}

/** Returns true for a release of Vault's chart. */
export function isVaultRelease({ type, attributes }: Source): boolean {
  const chart = text(attributes.chart) ?? "";
  return type === "helm_release" && /(^|\/)vault(-\d[^/]*)?\/*$/.test(chart);
}

function fromManifest(manifest: unknown, namespace: string | undefined): KubernetesObject[] {
  if (!isBlock(manifest)) {
    return manifest === undefined ? [] : [{ kind: UNREADABLE, name: "", body: { manifest } }];
  }
  const kind = text(manifest.kind) ?? UNREADABLE;
  if (kind.endsWith("List") && Array.isArray(manifest.items)) {
    return manifest.items.flatMap((item) => fromManifest(item, namespace));
  }
  return [make(text(manifest.apiVersion), isUnknown(kind) ? UNREADABLE : kind, manifest, namespace)];
}

/** Objects within the values of a chart. Some charts take further objects as YAML texts. */
function inValues(value: unknown, namespace: string): KubernetesObject[] {
  if (Array.isArray(value)) return value.flatMap((item) => inValues(item, namespace));
  if (typeof value === "string") {
    if (!/^\s*kind:/m.test(value) || !/^\s*apiVersion:/m.test(value)) return [];
    return value.split(/^---.*$/m).flatMap((document) => fromText(document, namespace));
  }
  if (!isBlock(value)) return [];
  if (text(value.kind) !== undefined && text(value.apiVersion) !== undefined) {
    return fromManifest(value, namespace);
  }
  return Object.values(value).flatMap((item) => inValues(item, namespace));
}

function fromText(document: string, namespace: string): KubernetesObject[] {
  if (document.trim() === "") return [];
  try {
    const parsed = withSymbols(document, parseHelmValues);
    return isBlock(parsed) ? fromManifest(parsed, namespace) : [];
  } catch {
    return [{ kind: UNREADABLE, name: "", body: { document } }];
  }
}

function make(
  apiVersion: string | undefined,
  kind: string,
  body: Block,
  release: string | undefined,
): KubernetesObject {
  const metadata = block(body.metadata);
  const name = text(metadata.name) ?? text(metadata.generateName) ?? "";
  const namespace = CLUSTER_SCOPED.test(kind)
    ? undefined
    : (text(metadata.namespace) ?? release ?? namespaceOf(undefined));
  return { apiVersion, kind, name, namespace, body };
}

function namespaceOf(value: unknown): string {
  return text(value) || "default";
}

/** Block with the field names of Kubernetes. A dynamic block leaves an expression in its list. */
function camelBlock(body: Block): Block {
  const result: Record<string, unknown> = {};
  const add = (name: string, value: unknown) => {
    const key = LISTS[name] ?? camelCase(name);
    result[key] = key in result ? [result[key], value].flat() : value;
  };
  for (const [name, value] of Object.entries(body)) {
    if (name === "//") continue;
    if (name === "dynamic") {
      for (const entry of blocks(value)) for (const inner of Object.keys(entry)) add(inner, ["${dynamic}"]);
    } else add(name, MAPS.test(name) ? value : camelValue(value));
  }
  return result;
}

function camelValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelValue);
  return isBlock(value) ? camelBlock(value) : value;
}

function camelCase(name: string): string {
  if (name === "non_resource_urls") return "nonResourceURLs";
  return name
    .replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase())
    .replace(/^(host)(Ipc|Pid)$/, (_match, host: string, kind: string) => host + kind.toUpperCase());
}
