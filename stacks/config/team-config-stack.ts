import type { Construct } from "constructs";
import { KubernetesAuth } from "../../constructs/auth/kubernetes-auth";
import { PasswordPolicy } from "../../constructs/auth/password-policy";
import { Policy } from "../../constructs/auth/policy";
import { DatabaseEngine } from "../../constructs/engines/database-engine";
import { KeyValueEngine } from "../../constructs/engines/key-value-engine";
import { PkiEngine } from "../../constructs/engines/pki-engine";
import { PostgresDatabase } from "../../constructs/engines/postgres-database";
import { TransitEngine } from "../../constructs/engines/transit-engine";
import { EnterpriseNamespace } from "../../constructs/enterprise/enterprise-namespace";
import { DATABASE_PASSWORDS, teamNamespace } from "../../platform/names";
import type { Environment } from "../../platform/schema";
import { servicesOf } from "../../platform/service";
import { EnvironmentStack } from "../environment-stack";
import { ServiceAccess } from "./service-access";
import { addVaultProvider } from "./vault-login";

/** Vault resources of one team's services. The mounts belong to the `config` stack. */
export class TeamConfigStack extends EnvironmentStack {
  constructor(scope: Construct, environment: Environment, team: string) {
    super(scope, environment, `config-${team}`);
    this.addKubernetesProvider();
    addVaultProvider(this, { endpoint: environment.vault.endpoint, namespace: this.names.namespace });
    const path = teamNamespace(environment, team);
    const place = path === undefined ? this : EnterpriseNamespace.fromAttributes(this, "Namespace", { path });
    const engine = DatabaseEngine.fromAttributes(place, "Database");
    const engines = {
      auth: KubernetesAuth.fromAttributes(place, "KubernetesAuth"),
      keyValue: KeyValueEngine.fromAttributes(place, "KeyValue"),
      pki: PkiEngine.fromAttributes(place, "Pki"),
      transit: TransitEngine.fromAttributes(place, "Transit"),
      passwords: PasswordPolicy.fromPasswordPolicyName(place, "DatabasePasswords", DATABASE_PASSWORDS),
      databases: new Map(
        environment.databases.map(({ name, database }) => [
          name,
          PostgresDatabase.fromAttributes(place, `Database-${name}`, {
            engine,
            connectionName: name,
            database,
          }),
        ]),
      ),
    };
    for (const service of servicesOf(environment).filter((it) => it.team === team)) {
      const judges = service.sentinelPolicies.map((name) =>
        Policy.fromPolicyName(place, `Sentinel-${service.id}-${name}`, name),
      );
      new ServiceAccess(place, service.id, service, engines, judges);
    }
  }
}
