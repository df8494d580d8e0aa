import { Construct } from "constructs";
import { K8sAuthBinding } from "../../constructs/auth/k8s-auth-binding";
import type { IKubernetesAuth } from "../../constructs/auth/kubernetes-auth";
import type { IPasswordPolicy } from "../../constructs/auth/password-policy";
import type { IPolicy } from "../../constructs/auth/policy";
import { DynamicPostgresRole } from "../../constructs/engines/dynamic-postgres-role";
import type { IKeyValueEngine } from "../../constructs/engines/key-value-engine";
import type { IPkiEngine } from "../../constructs/engines/pki-engine";
import { PkiRole } from "../../constructs/engines/pki-role";
import type { IPostgresDatabase } from "../../constructs/engines/postgres-database";
import type { ITransitEngine } from "../../constructs/engines/transit-engine";
import { TransitKey } from "../../constructs/engines/transit-key";
import type { Service } from "../../platform/service";

/** Mounts, databases and password policy that services share. */
export interface SharedEngines {
  /** Auth mount at which services log in. */
  readonly auth: IKubernetesAuth;
  /** Secrets engine for static secrets. */
  readonly keyValue: IKeyValueEngine;
  /** Secrets engine for certificates. */
  readonly pki: IPkiEngine;
  /** Secrets engine for encryption keys. */
  readonly transit: ITransitEngine;
  /** Password policy for database users. */
  readonly passwords: IPasswordPolicy;
  /** Databases by name in the environment. */
  readonly databases: ReadonlyMap<string, IPostgresDatabase>;
}

/** Vault resources of one service: its login, the roles and keys that it uses, and its grants. */
export class ServiceAccess extends Construct {
  constructor(
    scope: Construct,
    id: string,
    service: Service,
    { auth, keyValue, pki, transit, passwords, databases }: SharedEngines,
    /** Existing policies, such as Sentinel role policies, that its token has as well. */
    additionalPolicies: readonly IPolicy[] = [],
  ) {
    super(scope, id);
    // The access commands read the owner; nothing is synthesized.
    this.node.addMetadata("service-owner", { service: service.name, team: service.team });
    const { pkiRoleName, transitKeyName } = service;
    const { token, certificates } = service.definition;
    const binding = new K8sAuthBinding(this, "Binding", {
      auth,
      serviceAccount: service.serviceAccount,
      ttl: token.ttl,
      maxTtl: token.maxTtl,
      additionalPolicies,
    });
    for (const prefix of service.reads) keyValue.grantRead(binding, prefix);
    for (const { name, alias, roleName, definition } of service.databases) {
      const role = new DynamicPostgresRole(this, alias ? `DatabaseRole-${alias}` : "DatabaseRole", {
        database: databases.get(name)!,
        roleName,
        access: definition.access,
        defaultTtl: definition.defaultTtl,
        maxTtl: definition.maxTtl,
        passwordPolicy: passwords,
      });
      role.grantCredentials(binding);
    }
    if (pkiRoleName !== undefined) {
      const role = new PkiRole(this, "PkiRole", {
        engine: pki,
        roleName: pkiRoleName,
        allowedDomains: certificates,
      });
      role.grantIssue(binding);
    }
    if (transitKeyName !== undefined) {
      const key = new TransitKey(this, "TransitKey", { engine: transit, keyName: transitKeyName });
      key.grantEncrypt(binding);
      key.grantDecrypt(binding);
    }
  }
}
