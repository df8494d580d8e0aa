import { Acl } from "../../constructs/policy/acl";
import { DEFAULT_POLICY } from "./default-policy";
import { freshValue } from "../../constructs/policy/patterns";
import type { Policy } from "./policies";

/** Nearly every token has it, so it is put together once. */
const ofVault = new Acl([DEFAULT_POLICY], freshValue);

/** What policies allow, with templates that stand for something that is like nothing else. */
export function symbolicAcl(policies: readonly Policy[]): Acl {
  const own = policies.filter((policy) => !isVaults(policy));
  return new Acl(own, freshValue, own.length < policies.length ? ofVault : undefined);
}

/** Whether Vault itself writes the policy: it concerns a token's own affairs. */
export function isVaults({ writtenBy }: Policy): boolean {
  return writtenBy === DEFAULT_POLICY.writtenBy;
}
