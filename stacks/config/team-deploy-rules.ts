import type { PolicyRule } from "../../constructs/auth/policy-rule";
import type { Service, ServiceMounts } from "../../platform/service";

/**
 * Policy rules of a team's pipeline: write access to the resources that `ServiceAccess` creates for its services, each
 * path by name. They allow no access to secrets, and none to resources of other teams.
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
