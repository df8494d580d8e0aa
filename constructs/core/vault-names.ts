import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { received } from "./received";
import { isLiteral } from "./tokens";
import { ValidationError } from "./validation-error";
import { FOREIGN_POLICIES } from "./vault-reserved";
import { namespaceOf } from "./vault-scope";

/**
 * Context that says which Vault a construct configures, or which cluster it is in, for platforms whose stacks share one.
 * Stacks with the same value may not claim the same name; without it each stack counts as another Vault and another cluster.
 */
export const VAULT_CONTEXT = "vault-platform:vault";

/** What Vault keeps one of. */
export type VaultName =
  | "audit device"
  | "database connection"
  | "database user"
  | "group"
  | "MFA method"
  | "namespace"
  | "password policy"
  | "policy"
  | "quota"
  | "role"
  | "Sentinel policy"
  | "transit key";

/** Mounts that Vault itself has, and the one by which Terraform logs in. */
const FOREIGN_MOUNTS = ["sys", "identity", "cubbyhole", "auth/token", "auth/terraform"];

const claims = new WeakMap<IConstruct, Map<string, string>>();

/**
 * Takes a name that Vault keeps one of, such as `auth/kubernetes/role/payment-service`. Vault would let the second
 * owner overwrite the first without a word, and each apply would undo the other's.
 * @throws ValidationError when another construct has the name (both paths are named) and for a policy of others
 */
export function claimName(scope: IConstruct, kind: VaultName, name: string): void {
  if (!isLiteral(name)) return;
  if (kind === "policy" && FOREIGN_POLICIES.includes(name)) {
    throw new ValidationError(
      scope,
      `policy ${name} has another owner; others': ${FOREIGN_POLICIES.join(", ")}`,
    );
  }
  claim(scope, kind, name, (taken) => taken === name);
}

/**
 * Takes the path of a mount: `secret`, or `auth/kubernetes`.
 * @throws ValidationError for a path that another mount has or lies within, for one of Vault's own, and for one that
 * is not clean
 */
export function claimMount(scope: IConstruct, path: string): void {
  if (!isLiteral(path)) return;
  if (!/^[\w-]+(\.[\w-]+)*(\/[\w-]+(\.[\w-]+)*)*$/.test(path)) {
    throw new ValidationError(
      scope,
      `a mount's path must be letters, digits, - and _, parted by single slashes and without one at an end, got ${received(path)}`,
    );
  }
  const overlaps = (other: string) =>
    `${path}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${path}/`);
  const foreign = FOREIGN_MOUNTS.find(overlaps);
  if (foreign) {
    throw new ValidationError(scope, `mount ${path} is not this stack's: ${foreign} has another owner`);
  }
  claim(scope, "mount", path, overlaps);
}

function claim(scope: IConstruct, kind: string, name: string, overlaps: (taken: string) => boolean): void {
  // Names are unique in each namespace of Vault Enterprise.
  const taken = take(scope, platformOf(scope), [namespaceOf(scope), kind], name, overlaps);
  if (!taken) return;
  throw new ValidationError(
    scope,
    `${kind} ${name} is taken: ${taken.name === name ? "" : `${taken.name} is made by `}${taken.path} has it already`,
  );
}

/** Where names are taken: in the whole app below an id, or in one stack. */
export interface Platform {
  readonly owner: IConstruct;
  readonly id?: string;
}

/** The platform that a construct belongs to by its context, or else its stack. */
export function platformOf(scope: IConstruct): Platform {
  const id = scope.node.tryGetContext(VAULT_CONTEXT) as string | undefined;
  return id === undefined ? { owner: TerraformStack.of(scope) } : { owner: scope.node.root, id };
}

/**
 * Takes a name that a platform has once, unless another construct has it.
 * @param within names of one kind meet
 * @returns the name that is taken, and the path of the construct that has it
 */
export function take(
  scope: IConstruct,
  { owner, id }: Platform,
  within: readonly string[],
  name: string,
  overlaps = (taken: string) => taken === name,
): { readonly name: string; readonly path: string } | undefined {
  let taken = claims.get(owner);
  if (!taken) claims.set(owner, (taken = new Map()));
  const prefix = `${JSON.stringify([id, ...within])} `;
  // A look-up suffices for all but mounts, of which there are few.
  const rivals =
    within[1] === "mount" ? [...taken.keys()].filter((key) => key.startsWith(prefix)) : [prefix + name];
  for (const key of rivals) {
    const path = taken.get(key);
    const other = key.slice(prefix.length);
    if (path !== undefined && overlaps(other)) return { name: other, path };
  }
  taken.set(prefix + name, scope.node.path);
  return undefined;
}
