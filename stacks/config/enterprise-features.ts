import { Construct } from "constructs";
import type { IPolicy } from "../../constructs/auth/policy";
import { LeaseCountQuota } from "../../constructs/enterprise/lease-count-quota";
import { SentinelEndpointPolicy, SentinelRolePolicy } from "../../constructs/enterprise/sentinel-policy";
import type { Environment } from "../../platform/schema";
import type { Service } from "../../platform/service";

/** Global features of Vault Enterprise: Sentinel policies on paths, and a limit on leases. */
export class EnterpriseFeatures extends Construct {
  constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id);
    const { licence, sentinel, maxLeases } = environment.vault.enterprise!;
    for (const { name, paths, code } of sentinel) {
      new SentinelEndpointPolicy(this, `Sentinel-${name}`, { licence, policyName: name, paths, code });
    }
    if (maxLeases !== undefined) {
      new LeaseCountQuota(this, "Leases", { licence, quotaName: "leases", maxLeases });
    }
  }
}

/**
 * Adds the Sentinel policies that evaluate all requests of the services, in the namespace of their logins.
 * @returns the policies by name
 */
export function addSentinelRolePolicies(
  scope: Construct,
  environment: Environment,
  services: readonly Service[],
): ReadonlyMap<string, IPolicy> {
  const { licence, sentinelRoles } = environment.vault.enterprise!;
  const judging = sentinelRoles.filter(({ name }) =>
    services.some((it) => it.sentinelPolicies.includes(name)),
  );
  return new Map(
    judging.map(({ name, code }) => [
      name,
      new SentinelRolePolicy(scope, `Sentinel-${name}`, { licence, policyName: name, code }),
    ]),
  );
}
