import { type AccessMap, type IdentityAccess, type Reason, reasonsOf } from "./access-map";
import { Acl, type Permissions } from "../constructs/policy/acl";
import { showTemplates, valuesThatMatch } from "../constructs/policy/patterns";
import type { Environment } from "../analysis/terraform/synthesized";
import { textOf } from "../analysis/terraform/values";
import { KEY_VALUE_ENDPOINTS } from "../constructs/core/key-value-path";
import type { VaultCapability } from "../constructs/policy/vault-policy";

/** Identity that has access to a path. */
export interface Answer {
  /** Name of the environment. */
  readonly environment: string;
  /** Identity, with its permissions. */
  readonly of: IdentityAccess;
  /** Pattern that decides. @default - none, for the policy root */
  readonly pattern?: string;
  /** Permissions of the pattern. @default - none, for the policy root */
  readonly permissions?: Permissions;
  /**
   * Values that the templates must have, such as `{{identity.entity.name}} is app`.
   * @default - none, the access is unconditional
   */
  readonly condition?: string;
  /** Policies that give the access. */
  readonly why: readonly Reason[];
}

/** Identities that have access to a path, and identities with unknown access. */
export interface Answers {
  /** Requested capability. @default - any */
  readonly capability?: VaultCapability;
  /** Requested path. */
  readonly path: string;
  /** Identities that have access. */
  readonly can: readonly Answer[];
  /** Identities with unknown access, because their namespace or policies are unknown. */
  readonly unknown: readonly { readonly environment: string; readonly of: IdentityAccess }[];
}

/**
 * Finds the identities that have access to a path.
 * @param capability required capability; undefined for any
 * @param path path without wildcards, from the root namespace; in a namespace of Vault Enterprise, it starts with that
 * namespace
 */
export function whoCan(
  maps: readonly AccessMap[],
  capability: VaultCapability | undefined,
  path: string,
): Answers {
  const wanted = path.replace(/^\/+/, "");
  const can: Answer[] = [];
  const unknown: { environment: string; of: IdentityAccess }[] = [];
  for (const { environment, identities, unattached } of maps) {
    for (const of of [...identities, ...unattached]) {
      const { namespace } = of.identity;
      if (isUnknown(namespace)) {
        unknown.push({ environment, of });
        continue;
      }
      const local = pathWithin(namespace, wanted);
      // A token has no access outside its namespace.
      if (local === undefined) continue;
      const answers = answersOf(of, capability, local);
      can.push(...answers.map((answer) => ({ environment, ...answer })));
      if (answers.length === 0 && of.unknown.length > 0) unknown.push({ environment, of });
    }
  }
  return { capability, path: wanted, can, unknown };
}

/** Returns true for a namespace that only Terraform knows, for example because another stack creates it. */
export function isUnknown(namespace: string): boolean {
  return namespace.includes("{{");
}

/** Path relative to a namespace. @returns undefined for a path outside the namespace */
function pathWithin(namespace: string, path: string): string | undefined {
  if (namespace === "") return path;
  return path.startsWith(`${namespace}/`) ? path.slice(namespace.length + 1) : undefined;
}

function answersOf(
  of: IdentityAccess,
  capability: VaultCapability | undefined,
  path: string,
): Omit<Answer, "environment">[] {
  if (of.isRoot) return [{ of, why: [] }];
  const always = answer(of, capability, path, new Map());
  if (always) return [always];
  return bindings(of, path).flatMap((values) => answer(of, capability, path, values) ?? []);
}

function answer(
  of: IdentityAccess,
  capability: VaultCapability | undefined,
  path: string,
  values: ReadonlyMap<string, string>,
): Omit<Answer, "environment"> | undefined {
  const acl = new Acl(of.policies, (expression) => values.get(expression));
  const decided = capability === "list" ? [] : [acl.decide(path, "other")];
  // Another rule than for all other operations may decide on list.
  if (capability === undefined || capability === "list") decided.push(acl.decide(path, "list"));
  const permissions = decided.find((it, index) =>
    it?.capabilities.some((own) =>
      capability === undefined ? own !== "deny" && (index === 0 || own === "list") : own === capability,
    ),
  );
  if (!permissions) return undefined;
  const written = writtenPattern(of, permissions.pattern, values);
  return {
    of,
    pattern: written,
    permissions,
    ...(values.size > 0 && {
      condition: [...values].map(([expression, value]) => `{{${expression}}} is ${value}`).join(" and "),
    }),
    why: reasonsOf({ ...permissions, pattern: written }, of.identity, of.policies),
  };
}

/** Values of templates with which a rule of the identity matches the path. */
function bindings({ policies }: IdentityAccess, path: string): Map<string, string>[] {
  const found = new Map<string, Map<string, string>>();
  for (const { rules } of policies) {
    for (const rule of rules.filter((candidate) => candidate.path.includes("{{"))) {
      const values = valuesThatMatch(rule.path, path);
      if (values) found.set(JSON.stringify([...values]), values);
    }
  }
  return [...found.values()];
}

/** Pattern as written in the policy, with its templates. */
function writtenPattern(of: IdentityAccess, pattern: string, values: ReadonlyMap<string, string>): string {
  const rules = of.policies.flatMap((policy) => policy.rules);
  const template = rules.find(({ path }) => {
    const filled = path.replace(
      /\{\{\s*(.*?)\s*\}\}/g,
      (all, expression: string) => values.get(expression) ?? all,
    );
    return filled === pattern;
  });
  return showTemplates(template?.path ?? pattern);
}

/**
 * API path of a secret in KV version 2, for a path as the vault program expects it.
 * @returns undefined if the path is in no such mount, or is an API path already
 */
export function kvPathOf(environments: readonly Environment[], path: string): string | undefined {
  const mounts = environments
    .flatMap(({ resources }) => resources)
    .filter(
      ({ type, attributes }) => type === "vault_mount" && isVersion2(attributes.type, attributes.options),
    )
    .map(({ attributes, namespace }) => `${namespace && `${namespace}/`}${textOf(attributes.path)}`);
  const mount = mounts.find((candidate) => path.startsWith(`${candidate}/`));
  if (mount === undefined) return undefined;
  const rest = path.slice(mount.length + 1);
  const isApi = [...KEY_VALUE_ENDPOINTS, "config"].includes(rest.split("/")[0]);
  return isApi ? undefined : `${mount}/data/${rest}`;
}

function isVersion2(type: unknown, options: unknown): boolean {
  return (
    type === "kv-v2" || (type === "kv" && textOf((options as { version?: unknown } | null)?.version) === "2")
  );
}
