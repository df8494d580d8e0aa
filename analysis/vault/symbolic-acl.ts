import { Acl } from "../../constructs/policy/acl";
import { DEFAULT_POLICY } from "./default-policy";
import { freshValue } from "../../constructs/policy/patterns";
import type { Policy } from "./policies";

/** ACL of the policy `default`. Nearly every token has it, so it is built once. */
const ofVault = new Acl([DEFAULT_POLICY], freshValue);

/** ACL of the policies, with a unique value for each template. */
export function symbolicAcl(policies: readonly Policy[]): Acl {
  const own = policies.filter((policy) => !isVaults(policy));
  return new Acl(own, freshValue, own.length < policies.length ? ofVault : undefined);
}

/** Returns true for Vault's policy `default`, which covers operations of a token on itself. */
export function isVaults({ writtenBy }: Policy): boolean {
  return writtenBy === DEFAULT_POLICY.writtenBy;
}
