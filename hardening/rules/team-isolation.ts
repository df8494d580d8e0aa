import type { Element } from "../element";
import { textOf, textsOf } from "../readers/values";
import { policyNamesOf } from "../readers/policy-holders";
import { memo } from "../memo";
import type { Platform } from "../platform";
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
    const hasWorkloads = [...holders.values()].some(({ from }) => from.size > 0);
    if (!hasWorkloads && namespaces.length === 0) return NOT_APPLICABLE;
    const shared = [...holders].filter(
      ([, { from, others }]) => from.size > 1 || (from.size > 0 && others.size > 0),
    );
    return judge(
      shared.map(
        ([policy, { from, others }]) =>
          `policy ${policy} is held by workloads of ${[...from].sort().join(" and ")}${[...others].map((it) => ` and by ${it}`).join("")}`,
      ),
      namespaces.length > 0
        ? `${namespaces.length} namespaces of Vault Enterprise`
        : "Community edition: a policy for each workload",
    );
  }),
};

/** Holders of a policy. */
interface Holders {
  /** Kubernetes namespaces of the ServiceAccounts. */
  readonly from: Set<string>;
  /** Groups of people, pipelines and others. */
  readonly others: Set<string>;
}

/** Identities that are not workloads. */
const OTHERS =
  /^vault_(identity_(group|entity)(_policies)?|(jwt|oidc)_auth_backend_role|ldap_auth_backend_(group|user)|okta_auth_backend_(group|user)|github_(team|user)|saml_auth_backend_role)$/;

/**
 * Holders of each policy of Vault's root namespace. Policies in other namespaces of Vault belong to one team.
 */
const holdersByPolicy = memo((platform: Platform): Map<string, Holders> => {
  const holders = new Map<string, Holders>();
  const own = platform.elements.filter((it) => it.block === "resource" && vaultNamespaceOf(it) === "");
  for (const element of own) {
    const { type, values } = element;
    const isWorkload = type === "vault_kubernetes_auth_backend_role";
    if (!isWorkload && !OTHERS.test(type)) continue;
    for (const policy of policyNamesOf(element)) {
      const held = holders.get(policy) ?? { from: new Set(), others: new Set() };
      if (isWorkload) for (const it of textsOf(values, "bound_service_account_namespaces")) held.from.add(it);
      else held.others.add(`the ${labelOf(element)}`);
      holders.set(policy, held);
    }
  }
  return holders;
});

function labelOf({ type, values, name }: Element): string {
  const kind = type.replace(/^vault_/, "").replaceAll("_", " ");
  return `${kind} ${textOf(values, "role_name") ?? textOf(values, "name") ?? name}`;
}
