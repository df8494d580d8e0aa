import { Construct } from "constructs";
import { EnterpriseNamespace } from "../constructs/enterprise/enterprise-namespace";
import { LeaseCountQuota } from "../constructs/enterprise/lease-count-quota";
import { SentinelEndpointPolicy } from "../constructs/enterprise/sentinel-policy";
import type { Environment } from "../environments/schema";

/** What only Vault Enterprise has: a namespace per team, Sentinel policies, a limit of leases. */
export class EnterpriseFeatures extends Construct {
  constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id);
    const { licence, namespaces, sentinel, maxLeases } = environment.vault.enterprise!;
    if (namespaces) {
      for (const team of [...new Set(environment.services.map((it) => it.team))].sort()) {
        new EnterpriseNamespace(this, `Namespace-${team}`, { licence, path: team });
      }
    }
    for (const { name, paths, code } of sentinel) {
      new SentinelEndpointPolicy(this, `Sentinel-${name}`, { licence, policyName: name, paths, code });
    }
    if (maxLeases !== undefined) {
      new LeaseCountQuota(this, "Leases", { licence, quotaName: "leases", maxLeases });
    }
  }
}
