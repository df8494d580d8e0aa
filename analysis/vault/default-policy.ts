import type { Policy } from "./policies";
import type { PathRule, VaultCapability } from "../../constructs/policy/vault-policy";

const RULES: readonly (readonly [path: string, ...capabilities: VaultCapability[]])[] = [
  ["auth/token/lookup-self", "read"],
  ["auth/token/renew-self", "update"],
  ["auth/token/revoke-self", "update"],
  ["sys/capabilities-self", "update"],
  ["identity/entity/id/{{identity.entity.id}}", "read"],
  ["identity/entity/name/{{identity.entity.name}}", "read"],
  ["sys/internal/ui/resultant-acl", "read"],
  ["sys/renew", "update"],
  ["sys/leases/renew", "update"],
  ["sys/leases/lookup", "update"],
  ["cubbyhole/*", "create", "read", "update", "delete", "list"],
  ["sys/wrapping/wrap", "update"],
  ["sys/wrapping/lookup", "update"],
  ["sys/wrapping/unwrap", "update"],
  ["sys/tools/hash", "update"],
  ["sys/tools/hash/*", "update"],
  ["sys/control-group/request", "update"],
  ["identity/oidc/provider/+/authorize", "read", "update"],
];

/**
 * Policy that Vault attaches to every token unless the login disables it. It covers operations of a token on itself.
 * @see https://developer.hashicorp.com/vault/docs/concepts/policies#default-policy
 */
export const DEFAULT_POLICY: Policy = {
  name: "default",
  namespace: "",
  rules: RULES.map(([path, ...capabilities]): PathRule => ({ path, capabilities })),
  writtenBy: "Vault",
  stack: "",
  grants: [],
};
