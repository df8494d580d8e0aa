import {
  DISTINCT_ENGINE_PATHS,
  enginePaths,
  type PathRisk,
  type SensitivePath,
  SYSTEM_PATHS,
  reaches,
} from "../../constructs/policy/sensitive-paths";
import type { VaultCapability } from "../../constructs/policy/vault-policy";

const WRITES: readonly VaultCapability[] = ["create", "update", "patch", "delete", "recover"];

/** Risks that are named beside the risk `wildcard` of a pattern that matches every path. */
const GRAVEST: readonly PathRisk[] = ["policy write", "audit write", "whole storage"];

/** Mounts that every Vault has. Their paths are those of the system. */
const RESERVED = ["sys", "auth", "identity", "cubbyhole"];

/**
 * Risks of capabilities on the paths that a pattern matches.
 * @param path pattern, relative to its namespace
 * @param engines types of the secrets engines by the path of the mount; at other mounts, the shape of the path counts
 */
export function pathRisks(
  path: string,
  gained: readonly VaultCapability[],
  engines: ReadonlyMap<string, readonly string[]>,
): PathRisk[] {
  const writes = gained.some((capability) => WRITES.includes(capability));
  const canAct = gained.some((capability) => capability !== "sudo");
  const counts = ({ when }: SensitivePath) => (when === "write" ? writes : canAct);
  const risks = new Set<PathRisk>();
  const isEverything = path === "*";
  for (const one of [...SYSTEM_PATHS, ...pathsOfEngines(path, engines)]) {
    if (isEverything && !GRAVEST.includes(one.risk)) continue;
    if (counts(one) && !risks.has(one.risk) && touches(path, one.path)) risks.add(one.risk);
  }
  return [...risks];
}

/** Sensitive paths of the secrets engines that a pattern can match. */
function pathsOfEngines(path: string, engines: ReadonlyMap<string, readonly string[]>): SensitivePath[] {
  const [first, second = ""] = path.split("/");
  if (RESERVED.includes(first)) return [];
  const known = [...engines].filter(([mount]) => touches(path, `${mount}/*`));
  const named = known.filter(([mount]) => path.startsWith(`${mount}/`));
  const below = (mount: string, paths: readonly SensitivePath[]) =>
    paths.map((one) => ({ ...one, path: `${mount}/${one.path}` }));
  const ofKnown = (named.length > 0 ? named : known).flatMap(([mount, types]) =>
    types.flatMap((type) => below(mount, enginePaths(type))),
  );
  // Where a wildcard stands for the mount or for the first word of its API, the pattern is wide anyway.
  if (named.length > 0 || /[*+{]/.test(first) || /^[+{]|\*$/.test(second)) return ofKnown;
  return [
    ...ofKnown,
    ...below(first, enginePaths()),
    ...(API_WORDS.includes(second) ? [] : below(`${first}/${second}`, DISTINCT_ENGINE_PATHS)),
  ];
}

/** First words of engines' APIs, which are no second part of a mount. */
const API_WORDS = ["data", "metadata", "creds", "static-creds", "issue", "sign", "encrypt", "decrypt"];

/** Returns true if the two patterns match a common path. Their first segments show fast that they do not. */
function touches(one: string, other: string): boolean {
  const [a, b] = [one, other].map((pattern) => pattern.slice(0, pattern.indexOf("/")));
  if (a !== b && /^[^*+{]+$/.test(a) && /^[^*+{]+$/.test(b)) return false;
  return reaches(one, other);
}
