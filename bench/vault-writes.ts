/** One write of the vault command: the arguments of `vault write PATH @file`. */
export interface VaultWrite {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

type Attributes = Readonly<Record<string, unknown>>;

/** Vault path of each resource type, and the attributes that belong to the path instead of the body. */
const KINDS: Readonly<Record<string, { path: (it: Attributes) => string; own: readonly string[] }>> = {
  vault_policy: { path: ({ name }) => `sys/policies/acl/${name}`, own: ["name"] },
  vault_kubernetes_auth_backend_role: {
    path: ({ backend, role_name }) => `auth/${backend}/role/${role_name}`,
    own: ["backend", "role_name"],
  },
  vault_database_secret_backend_role: {
    path: ({ backend, name }) => `${backend}/roles/${name}`,
    own: ["backend", "name"],
  },
  vault_pki_secret_backend_role: {
    path: ({ backend, name }) => `${backend}/roles/${name}`,
    own: ["backend", "name"],
  },
};

/**
 * The writes that Terraform does for the services of a synthesized shard.
 * @param resources - `resource` of its JSON
 * @throws Error when a resource has a type that the bench does not support yet
 */
export function vaultWrites(
  resources: Readonly<Record<string, Readonly<Record<string, Attributes>>>>,
): VaultWrite[] {
  return Object.entries(resources).flatMap(([type, all]) =>
    Object.values(all).map((attributes) => {
      const kind = KINDS[type];
      if (!kind) throw new Error(`the bench knows no write for ${type}`);
      const body = Object.entries(attributes).filter(([name]) => name !== "//" && !kind.own.includes(name));
      return {
        path: kind.path(attributes),
        body: resolve(Object.fromEntries(body), resources) as Attributes,
      };
    }),
  );
}

/** Replaces `${type.id.attribute}` by the attribute, and removes Terraform's escapes. */
function resolve(
  value: unknown,
  resources: Readonly<Record<string, Readonly<Record<string, Attributes>>>>,
): unknown {
  if (Array.isArray(value)) return value.map((it) => resolve(it, resources));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, resolve(it, resources)]));
  if (typeof value !== "string") return value;
  const reference = /^\$\{(\w+)\.([\w-]+)\.(\w+)\}$/.exec(value);
  if (reference) return resources[reference[1]][reference[2]][reference[3]];
  return value.replaceAll("$${", "${").replaceAll("%%{", "%{");
}
