import { knownNamespaces, partAtNamespace, partAtNamespaces } from "../constructs/core/vault-scope";
import { type Label, sortLabels } from "./changes";
import { hasSegmentWildcards } from "../constructs/policy/precedence";
import { pathRisks } from "../analysis/vault/path-risks";
import type { Environment } from "../analysis/terraform/synthesized";
import type { VaultCapability } from "../constructs/policy/vault-policy";
import { textOf } from "../analysis/terraform/values";

/** Context for the evaluation of patterns in the Vault of one environment. */
export interface Surroundings {
  /** Number of fixed segments that a pattern needs to name a single object, by the path of the mount. */
  readonly fixedSegments: ReadonlyMap<string, number>;
  /** Types of the secrets engines, by the path of the mount. Several namespaces can have a mount at one path. */
  readonly engines: ReadonlyMap<string, readonly string[]>;
  /** Namespaces of Vault Enterprise; `+` represents namespaces that do not exist yet. */
  readonly namespaces: readonly string[];
}

/** Context of an environment. */
export function surroundingsOf({ resources }: Environment): Surroundings {
  const mounts = resources.filter(({ type }) => type === "vault_mount" || Object.hasOwn(ENGINES, type));
  const isNamespace = ({ type }: { readonly type: string }) => type === "vault_namespace";
  return {
    fixedSegments: mounts
      .map(({ attributes }) => fixedSegmentsOf(attributes))
      // If several namespaces have a mount at the same path, the largest number counts.
      .reduce(
        (all, [path, count]) => all.set(path, Math.max(count, all.get(path) ?? 0)),
        new Map<string, number>(),
      ),
    engines: enginesOf(resources),
    namespaces: knownNamespaces(
      resources
        .filter(isNamespace)
        .map(({ attributes, namespace }) => `${namespace && `${namespace}/`}${textOf(attributes.path)}`),
      resources.filter((resource) => !isNamespace(resource)).map(({ namespace }) => namespace),
    ),
  };
}

/**
 * Fixed segments of a mount. In version 1 of KV, names follow the mount; everywhere else, a segment of the API comes
 * first.
 */
function fixedSegmentsOf({
  path,
  backend,
  type,
  options,
}: Environment["resources"][number]["attributes"]): [string, number] {
  const mount = textOf(path ?? backend);
  const version = (options as { version?: unknown } | undefined)?.version;
  const isKv1 = type === "generic" || (type === "kv" && textOf(version ?? 1) === "1");
  return [mount, mount.split("/").length + (isKv1 ? 1 : 2)];
}

/**
 * Risk labels for capabilities that an identity gains.
 * @param own namespace of Vault Enterprise that contains the identity; the pattern is relative to it
 */
export function labelsOfGain(
  pattern: string,
  gained: readonly VaultCapability[],
  surroundings: Surroundings,
  own = "",
): Label[] {
  if (gained.length === 0) return [];
  const labels: Label[] = [];
  const full = own ? `${own}/${pattern}` : pattern;
  const namespaces = [...surroundings.namespaces, own].filter(Boolean);
  const { namespace, path: there } = partAtNamespace(full, namespaces);
  const reached = partAtNamespaces(full, namespaces).filter((it) => it.namespace.length >= own.length);
  if (namespace.includes("+") || isWide(there, surroundings)) labels.push("wildcard");
  if (gained.includes("sudo")) labels.push("sudo");
  if (gained.includes("delete")) labels.push("delete");
  labels.push(...reached.flatMap(({ path }) => pathRisks(path, gained, surroundings.engines)));
  if (hasForgeableTemplate(pattern)) labels.push("template");
  if (reached.some((it) => it.namespace !== own)) labels.push("cross-namespace");
  return sortLabels(labels);
}

/**
 * Returns true if a pattern matches more than a single named object with its children. `secret/data/app/*` matches a
 * single one. A wildcard within a name is wide, because other names may start the same.
 */
function isWide(pattern: string, { fixedSegments }: Surroundings): boolean {
  const segments = withoutTemplates(pattern).split("/");
  const isWildcard = (segment: string, index: number) =>
    (segment === "+" && hasSegmentWildcards(pattern)) ||
    (index === segments.length - 1 && segment.endsWith("*"));
  const fixed = segments.findIndex(isWildcard);
  if (fixed === -1) return false;
  const mounts = [...fixedSegments].filter(([mount]) => pattern.startsWith(`${mount}/`));
  const needed = mounts.length > 0 ? Math.max(...mounts.map(([, count]) => count)) : 3;
  return fixed < needed;
}

/** Types of the secrets engines of an environment. Mounts that are created elsewhere are unknown. */
function enginesOf(resources: Environment["resources"]): Map<string, string[]> {
  const engines = new Map<string, string[]>();
  for (const { type, attributes } of resources) {
    const engine = type === "vault_mount" ? textOf(attributes.type) : ENGINES[type];
    if (engine === undefined) continue;
    const path = textOf(attributes.path ?? attributes.backend ?? engine).replace(/^\/+|\/+$/g, "");
    engines.set(path, [...(engines.get(path) ?? []), engine]);
  }
  return engines;
}

/** Resource types that mount one kind of engine. */
const ENGINES: Readonly<Record<string, string>> = {
  vault_database_secrets_mount: "database",
  ...Object.fromEntries(
    ["ad", "aws", "azure", "consul", "gcp", "kmip", "kubernetes", "ldap", "nomad", "rabbitmq"].map(
      (engine) => [`vault_${engine}_secret_backend`, engine],
    ),
  ),
};

/**
 * Returns true if somebody can choose the value of a template. Vault puts it into the path as it is: a `+` or a `*` in
 * it is a wildcard, a slash parts segments, and an empty value of metadata leaves the segment out. Vault generates ids.
 * @see https://github.com/hashicorp/vault/blob/v1.21.0/sdk/helper/identitytpl/templating.go
 */
function hasForgeableTemplate(pattern: string): boolean {
  const expressions = [...pattern.matchAll(/\{\{\s*(.*?)\s*\}\}/g)].map(([, expression]) => expression);
  const isId = /^identity\.(?!\S*metadata\.)\S+\.id$|^terraform vault_(identity_\S+\.id|\w+\.\S+\.accessor)$/;
  return expressions.some((expression) => !isId.test(expression));
}

/** Pattern without its templates. A template represents one name, and its braces contain no wildcard. */
function withoutTemplates(pattern: string): string {
  return pattern.replace(/\{\{.*?\}\}/g, "{}");
}
