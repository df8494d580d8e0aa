import { knownNamespaces, partAtNamespace, partAtNamespaces } from "../constructs/core/vault-scope";
import type { Label } from "./changes";
import { hasSegmentWildcards } from "../constructs/policy/precedence";
import { overlap } from "../constructs/policy/patterns";
import type { Environment } from "../analysis/terraform/synthesized";
import type { VaultCapability } from "../constructs/policy/vault-policy";
import { textOf } from "../analysis/terraform/values";

const WRITES: readonly VaultCapability[] = ["create", "update", "patch", "delete"];

/** Who writes there decides what others, or they themselves, may do. */
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

/** What tells a harmless pattern from a wide one in the Vault of one environment. */
export interface Surroundings {
  /** Fixed segments that a pattern has to have until it names one thing, by the path of the mount. */
  readonly fixedSegments: ReadonlyMap<string, number>;
  /** Namespaces of Vault Enterprise; `+` for those that will be made. */
  readonly namespaces: readonly string[];
}

export function surroundingsOf({ resources }: Environment): Surroundings {
  const mounts = resources.filter(({ type }) => type === "vault_mount");
  const isNamespace = ({ type }: { readonly type: string }) => type === "vault_namespace";
  return {
    fixedSegments: mounts
      .map(({ attributes }) => fixedSegmentsOf(attributes))
      // Of mounts of one path in several namespaces the one of which more has to be named.
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

/** Version 1 of KV has names right behind the mount; all else has a word of its API in between. */
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
 * Labels for what an identity can do now and could not before.
 * @param own the namespace of Vault Enterprise that the identity is in, and in which the pattern starts
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
 * Whether a pattern reaches more than one named thing and what belongs to it, such as `secret/data/app/*`. A wildcard
 * within a name is wide, because other names may begin the same.
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

/** A template stands for one name; its own braces hold no wildcard. */
function withoutTemplates(pattern: string): string {
  return pattern.replace(/\{\{.*?\}\}/g, "{}");
}
