import type { PolicyRule } from "../../constructs/auth/policy-rule";
import type { Environment } from "../../platform/schema";
import { databaseRoleName } from "../../platform/service-names";

/** Paths of the mounts that a team's `config` stack writes to. */
export interface TeamMounts {
  /** With `auth/`. */
  readonly auth: string;
  readonly database: string;
  readonly pki: string;
  readonly transit: string;
}

/**
 * What a team's pipeline may do in Vault: write what `ServiceAccess` makes for its services, each path by name. It gives
 * out no secret, and reaches nothing of another team.
 */
export function teamDeployRules(services: Environment["services"], mounts: TeamMounts): PolicyRule[] {
  return services.flatMap((service) => {
    const { name } = service;
    const rule = (path: string, what: string): PolicyRule => ({
      path,
      capabilities: ["create", "read", "update", "delete"],
      reason: `deploys ${what} of ${name}`,
    });
    return [
      rule(`sys/policies/acl/${name}`, "the policy"),
      rule(`${mounts.auth}/role/${name}`, "the login"),
      ...service.databases.map(({ alias }) =>
        rule(`${mounts.database}/roles/${databaseRoleName(name, alias)}`, "the database role"),
      ),
      ...(service.certificates.length > 0
        ? [rule(`${mounts.pki}/roles/${name}`, "the certificate role")]
        : []),
      ...(service.encryptionKey
        ? [
            rule(`${mounts.transit}/keys/${name}`, "the key"),
            rule(`${mounts.transit}/keys/${name}/config`, "settings of the key"),
          ]
        : []),
    ];
  });
}
