import { memo } from "../memo";
import type { Platform } from "../platform";
import { texts } from "../readers/blocks";
import { vaultNamespaceOf } from "../readers/vault-namespaces";
import { NOT_APPLICABLE, type Rule, judge } from "../rule";
import { forPlatform } from "../subjects";

/** Reports policies that workloads of different namespaces share. */
export const teamIsolation: Rule = {
  id: "team-isolation",
  level: "error",
  title: "Workloads of different namespaces share no policy",
  item: "namespaces",
  fix: "Give each workload a policy of its own, as K8sAuthBinding does, or each team a namespace of Vault Enterprise.",
  source: "https://developer.hashicorp.com/vault/docs/enterprise/namespaces/namespace-structure",
  check: forPlatform((platform) => {
    const namespaces = platform.resources("vault_namespace");
    const holders = holdersByPolicy(platform);
    if (holders.size === 0 && namespaces.length === 0) return NOT_APPLICABLE;
    const shared = [...holders].filter(([, from]) => from.size > 1);
    return judge(
      shared.map(
        ([policy, from]) => `policy ${policy} is held by workloads of ${[...from].sort().join(" and ")}`,
      ),
      namespaces.length > 0
        ? `${namespaces.length} namespaces of Vault Enterprise`
        : "Community edition: a policy for each workload",
    );
  }),
};

/**
 * Kubernetes namespaces of the ServiceAccounts that hold each policy of Vault's root namespace. Policies in other
 * namespaces of Vault belong to one team.
 */
const holdersByPolicy = memo((platform: Platform): Map<string, Set<string>> => {
  const holders = new Map<string, Set<string>>();
  const roles = platform.resources("vault_kubernetes_auth_backend_role");
  for (const { body } of roles.filter((role) => vaultNamespaceOf(role) === "")) {
    for (const policy of texts(body.token_policies).filter((name) => name !== "default")) {
      const from = holders.get(policy) ?? new Set();
      for (const namespace of texts(body.bound_service_account_namespaces)) from.add(namespace);
      holders.set(policy, from);
    }
  }
  return holders;
});
