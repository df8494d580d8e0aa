import { Construct } from "constructs";
import type { IPolicy } from "../constructs/auth/policy";
import { EnterpriseNamespace } from "../constructs/enterprise/enterprise-namespace";
import { LeaseCountQuota } from "../constructs/enterprise/lease-count-quota";
import { SentinelEndpointPolicy, SentinelRolePolicy } from "../constructs/enterprise/sentinel-policy";
import type { Environment } from "../environments/schema";

/** What only Vault Enterprise has: a namespace per team, Sentinel policies, a limit of leases. */
export class EnterpriseFeatures extends Construct {
  private readonly rolePolicies = new Map<string, IPolicy>();

  constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id);
    const { licence, namespaces, sentinel, sentinelRoles, maxLeases } = environment.vault.enterprise!;
    if (namespaces) {
      for (const team of [...new Set(environment.services.map((it) => it.team))].sort()) {
        new EnterpriseNamespace(this, `Namespace-${team}`, { licence, path: team });
      }
    }
    for (const { name, paths, code } of sentinel) {
      new SentinelEndpointPolicy(this, `Sentinel-${name}`, { licence, policyName: name, paths, code });
    }
    for (const { name, code } of sentinelRoles) {
      const policy = new SentinelRolePolicy(this, `Sentinel-${name}`, { licence, policyName: name, code });
      this.rolePolicies.set(name, policy);
    }
    if (maxLeases !== undefined) {
      new LeaseCountQuota(this, "Leases", { licence, quotaName: "leases", maxLeases });
    }
  }
  /** A Sentinel policy of those that judge services. */
  rolePolicy(name: string): IPolicy {
    return this.rolePolicies.get(name)!;
  }
}

/** Names of the Sentinel policies that judge all requests of a service. */
export function judgesOf(environment: Environment, service: string): string[] {
  const judges = environment.vault.enterprise?.sentinelRoles ?? [];
  return judges.filter(({ services }) => services.includes(service)).map(({ name }) => name);
}
