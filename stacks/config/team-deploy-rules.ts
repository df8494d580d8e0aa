import type { PolicyRule } from "../../constructs/auth/policy-rule";
import type { Service, ServiceMounts } from "../../platform/service";

/**
 * What a team's pipeline may do in Vault: write what `ServiceAccess` makes for its services, each path by name. It gives
 * out no secret, and reaches nothing of another team.
 */
export function teamDeployRules(services: readonly Service[], mounts: ServiceMounts): PolicyRule[] {
  return services.flatMap((service) =>
    service.vaultPaths(mounts).map(({ path, object }): PolicyRule => ({
      path,
      capabilities: ["create", "read", "update", "delete"],
      reason: `deploys ${object} of ${service.name}`,
    })),
  );
}
