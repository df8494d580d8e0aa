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
import type { Environment } from "../../platform/schema";
import { databaseRoleName } from "../../platform/service-names";

/** The parts of Vault that services use. */
export interface SharedEngines {
  readonly auth: IKubernetesAuth;
  readonly keyValue: IKeyValueEngine;
  readonly pki: IPkiEngine;
  readonly transit: ITransitEngine;
  /** How passwords of database users are made. */
  readonly passwords: IPasswordPolicy;
  /** Databases by their names in the environment. */
  readonly databases: ReadonlyMap<string, IPostgresDatabase>;
}

/** All that one service has in Vault: its identity, and what it was granted. */
export class ServiceAccess extends Construct {
  /** @param additionalPolicies policies of others that its token has as well */
  constructor(
    scope: Construct,
    id: string,
    service: Environment["services"][number],
    { auth, keyValue, pki, transit, passwords, databases }: SharedEngines,
    additionalPolicies: readonly IPolicy[] = [],
  ) {
    super(scope, id);
    const { name, namespace, token, certificates } = service;
    const binding = new K8sAuthBinding(this, "Binding", {
      auth,
      serviceAccount: { name, namespace },
      ttl: token.ttl,
      maxTtl: token.maxTtl,
      additionalPolicies,
    });
    for (const prefix of service.reads ?? [`${name}/*`]) keyValue.grantRead(binding, prefix);
    for (const { alias, ...database } of service.databases) {
      const role = new DynamicPostgresRole(this, alias ? `DatabaseRole-${alias}` : "DatabaseRole", {
        database: databases.get(database.name)!,
        roleName: databaseRoleName(name, alias),
        access: database.access,
        defaultTtl: database.defaultTtl,
        maxTtl: database.maxTtl,
        passwordPolicy: passwords,
      });
      role.grantCredentials(binding);
    }
    if (certificates.length > 0) {
      const role = new PkiRole(this, "PkiRole", {
        engine: pki,
        roleName: name,
        allowedDomains: certificates,
      });
      role.grantIssue(binding);
    }
    if (service.encryptionKey) {
      const key = new TransitKey(this, "TransitKey", { engine: transit, keyName: name });
      key.grantEncrypt(binding);
      key.grantDecrypt(binding);
    }
  }
}
