import { type AccessMap, type IdentityAccess, type Reason, reasonsOf } from "./access-map";
import { Acl, type Permissions } from "../constructs/policy/acl";
import { showTemplates, valuesThatMatch } from "../constructs/policy/patterns";
import type { Environment } from "../analysis/terraform/synthesized";
import { textOf } from "../analysis/terraform/values";
import { KEY_VALUE_ENDPOINTS } from "../constructs/core/key-value-path";
import type { VaultCapability } from "../constructs/policy/vault-policy";

/** Someone who can do what was asked for. */
export interface Answer {
  readonly environment: string;
  readonly of: IdentityAccess;
  /** Pattern that Vault goes by. @default - none, for the policy root */
  readonly pattern?: string;
  readonly permissions?: Permissions;
  /** What the templates have to stand for, such as `{{identity.entity.name}} is app`. @default - it holds at all times */
  readonly condition?: string;
  readonly why: readonly Reason[];
}

/** All who can do something on a path, and those of whom it cannot be said. */
export interface Answers {
  /** @default - any */
  readonly capability?: VaultCapability;
  readonly path: string;
  readonly can: readonly Answer[];
  /** Identities in namespaces, or with policies, of which nothing is known. */
  readonly unknown: readonly { readonly environment: string; readonly of: IdentityAccess }[];
}

/**
 * Identities that have access to a path.
 * @param capability only those that have it; any if undefined
 * @param path without wildcards, from the root namespace: after that of a namespace of Vault Enterprise, if it is in one
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
      // No token reaches out of its namespace.
      if (local === undefined) continue;
      const answers = answersOf(of, capability, local);
      can.push(...answers.map((answer) => ({ environment, ...answer })));
      if (answers.length === 0 && of.unknown.length > 0) unknown.push({ environment, of });
    }
  }
  return { capability, path: wanted, can, unknown };
}

/** Terraform alone knows such a one, as where another stack makes it. */
export function isUnknown(namespace: string): boolean {
  return namespace.includes("{{");
}

/** A path as somebody in a namespace writes it. @returns nothing for one outside of it */
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
  // Vault may list by another rule than the one for all other operations.
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

/** Values of templates by which any rule of an identity would come to match the path. */
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

/** The pattern as it was written, before its templates were filled. */
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

/** Where the API of a KV store of version 2 has a path that was meant as the vault program writes it. */
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
