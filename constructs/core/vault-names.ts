import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { received } from "./received";
import { isLiteral } from "./tokens";
import { ValidationError } from "./validation-error";
import { FOREIGN_POLICIES } from "./vault-reserved";
import { namespaceOf } from "./vault-scope";

/**
 * Context key of the Vault that a construct configures, or of the cluster that it is in. Set it if several stacks share
 * one Vault or cluster. Stacks with the same value may not claim the same name. Without it, each stack counts as a
 * separate Vault and a separate cluster.
 */
export const VAULT_CONTEXT = "vault-platform:vault";

/** Kinds of objects with unique names in Vault. */
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

/** Mounts of Vault itself, and the one with which Terraform logs in. */
const FOREIGN_MOUNTS = ["sys", "identity", "cubbyhole", "auth/token", "auth/terraform"];

const claims = new WeakMap<IConstruct, Map<string, string>>();

/**
 * Claims a name that is unique in Vault, such as `auth/kubernetes/role/payment-service`. Vault would silently let a
 * second owner overwrite the first, and each apply would revert the other one.
 * @throws ValidationError if another construct has the name (the message contains both paths), and for a reserved
 * policy
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
 * Claims the path of a mount: `secret`, or `auth/kubernetes`.
 * @throws ValidationError for a path that overlaps another mount or one of Vault's own, and for a path that is not in
 * canonical form
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
  // Names are unique in each Vault Enterprise namespace.
  const taken = take(scope, platformOf(scope), [namespaceOf(scope), kind], name, overlaps);
  if (!taken) return;
  throw new ValidationError(
    scope,
    `${kind} ${name} is taken: ${taken.name === name ? "" : `${taken.name} is made by `}${taken.path} has it already`,
  );
}

/** Scope in which names are unique: the whole app for one id, or one stack. */
export interface Platform {
  /** Root of the app, or the stack. */
  readonly owner: IConstruct;
  /** Id of the platform. @default - none: the owner is a stack */
  readonly id?: string;
}

/** Returns the platform that the context of a construct names, or else the stack of the construct. */
export function platformOf(scope: IConstruct): Platform {
  const id = scope.node.tryGetContext(VAULT_CONTEXT) as string | undefined;
  return id === undefined ? { owner: TerraformStack.of(scope) } : { owner: scope.node.root, id };
}

/**
 * Claims a name that is unique in a platform, unless another construct has it.
 * @param within group of names that must differ, such as a namespace and a kind
 * @returns the existing name that conflicts, and the path of the construct that has it
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
  // A look-up suffices except for mounts, and there are few mounts.
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
