import { knownNamespaces, partAtNamespace, partAtNamespaces } from "../constructs/core/vault-scope";
import type { Label } from "./changes";
import { hasSegmentWildcards } from "../constructs/policy/precedence";
import { overlap } from "../constructs/policy/patterns";
import type { Environment } from "../analysis/terraform/synthesized";
import type { VaultCapability } from "../constructs/policy/vault-policy";
import { textOf } from "../analysis/terraform/values";

const WRITES: readonly VaultCapability[] = ["create", "update", "patch", "delete"];

/** Paths whose write access allows privilege escalation. */
const POLICY_PATHS = [
  "sys/policy/*",
  "sys/policies/*",
  "sys/auth/*",
  ...["auth/+", "auth/+/+"].flatMap((mount) =>
    ["role", "roles", "user", "users", "group", "groups", "map", "certs", "config"].map(
      (part) => `${mount}/${part}*`,
    ),
  ),
  "auth/token/create*",
  ...["entity", "group", "alias", "persona", "mfa"].map((part) => `identity/${part}*`),
  "sys/namespaces/*",
];

const AUDIT_PATHS = ["sys/audit/*", "sys/config/auditing/*"];

const STORAGE_PATHS = ["sys/storage/raft/snapshot", "sys/storage/raft/snapshot-force", "sys/raw/*"];

/** Context for the evaluation of patterns in the Vault of one environment. */
export interface Surroundings {
  /** Number of fixed segments that a pattern needs to name a single object, by the path of the mount. */
  readonly fixedSegments: ReadonlyMap<string, number>;
  /** Namespaces of Vault Enterprise; `+` represents namespaces that do not exist yet. */
  readonly namespaces: readonly string[];
}

/** Context of an environment. */
export function surroundingsOf({ resources }: Environment): Surroundings {
  const mounts = resources.filter(({ type }) => type === "vault_mount");
  const isNamespace = ({ type }: { readonly type: string }) => type === "vault_namespace";
  return {
    fixedSegments: mounts
      .map(({ attributes }) => fixedSegmentsOf(attributes))
      // If several namespaces have a mount at the same path, the largest number counts.
      .reduce(
        (all, [path, count]) => all.set(path, Math.max(count, all.get(path) ?? 0)),
        new Map<string, number>(),
      ),
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
  type,
  options,
}: Environment["resources"][number]["attributes"]): [string, number] {
  const mount = textOf(path);
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
  const writes = gained.some((capability) => WRITES.includes(capability));
  const full = own ? `${own}/${pattern}` : pattern;
  const namespaces = [...surroundings.namespaces, own].filter(Boolean);
  const { namespace, path: there } = partAtNamespace(full, namespaces);
  const reached = partAtNamespaces(full, namespaces).filter((it) => it.namespace.length >= own.length);
  const touches = (paths: readonly string[]) =>
    paths.some((path) => reached.some((it) => overlap(it.path, path)));
  if (namespace.includes("+") || isWide(there, surroundings)) labels.push("wildcard");
  if (gained.includes("sudo")) labels.push("sudo");
  if (gained.includes("delete")) labels.push("delete");
  if (writes && touches(POLICY_PATHS)) labels.push("policy write");
  if (writes && touches(AUDIT_PATHS)) labels.push("audit write");
  if (touches(STORAGE_PATHS)) labels.push("whole storage");
  if (reached.some((it) => it.namespace !== own)) labels.push("cross-namespace");
  return labels;
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

/** Pattern without its templates. A template represents one name, and its braces contain no wildcard. */
function withoutTemplates(pattern: string): string {
  return pattern.replace(/\{\{.*?\}\}/g, "{}");
}
