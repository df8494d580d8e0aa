import { RaftAutopilot } from "@cdktf/provider-vault/lib/raft-autopilot";
import type { Construct } from "constructs";
import { AuditDevices } from "../constructs/audit/audit-devices";
import { AUDIT_SOCKET } from "../constructs/audit/audit-shipper";
import { K8sAuthBinding } from "../constructs/auth/k8s-auth-binding";
import { KubernetesAuth } from "../constructs/auth/kubernetes-auth";
import { PasswordPolicy } from "../constructs/auth/password-policy";
import { RateLimitQuota } from "../constructs/auth/rate-limit-quota";
import { Duration } from "../constructs/core/duration";
import { DatabaseEngine } from "../constructs/engines/database-engine";
import { KeyValueEngine } from "../constructs/engines/key-value-engine";
import { PkiEngine } from "../constructs/engines/pki-engine";
import { PostgresDatabase } from "../constructs/engines/postgres-database";
import { TransitEngine } from "../constructs/engines/transit-engine";
import { DR_SECONDARY_RULES, drPrimaryRules } from "../constructs/enterprise/dr-replication";
import type { Environment } from "../environments/schema";
import { DATABASE_PASSWORDS, databaseRoleName } from "../environments/service-names";
import { drSideOf } from "./dr-sides";
import { EnterpriseFeatures, judgesOf } from "./enterprise-features";
import { EnvironmentStack } from "./environment-stack";
import { JobAccess } from "./job-access";
import { OutsideAddresses } from "./outside-addresses";
import { grantSecretKeeping } from "./secret-keeping";
import { VaultPeople } from "./vault-people";
import { VaultPipelines } from "./vault-pipelines";
import { ServiceAccess, type SharedEngines } from "./service-access";
import { addVaultProvider } from "./vault-login";

/** Everything in Vault but what the bootstrap owns: audit, logins, engines, and who may do what. */
export class ConfigStack extends EnvironmentStack {
  private readonly outside?: OutsideAddresses;

  constructor(scope: Construct, environment: Environment) {
    super(scope, environment, "config");
    this.addKubernetesProvider();
    addVaultProvider(this, { endpoint: environment.vault.endpoint, namespace: this.names.namespace });
    if (environment.kubernetes.vault === "outside") this.outside = new OutsideAddresses(this, environment);

    const devices = new AuditDevices(this, "Audit");
    // A Vault beside the cluster has no sidecar that would listen.
    if (this.outside) devices.addFile({ path: "stdout", filePath: "stdout" });
    else devices.addSocket({ path: "siem", socketPath: AUDIT_SOCKET });
    this.addAutopilot();
    const auth = new KubernetesAuth(this, "KubernetesAuth", this.outside?.kubernetes);
    new RateLimitQuota(this, "LoginQuota", {
      quotaName: "kubernetes-logins",
      path: `auth/${auth.pathReference}/login`,
      rate: 100,
    });
    const keyValue = new KeyValueEngine(this, "KeyValue");
    const dr = drSideOf(environment);
    new JobAccess(this, "Jobs", {
      auth,
      keyValue,
      namespace: this.names.namespace,
      serviceAccounts: this.names.serviceAccounts,
      canary: this.names.canary,
      drRules: dr && (dr.side === "primary" ? drPrimaryRules(dr.secondaryId) : DR_SECONDARY_RULES),
    });
    const database = new DatabaseEngine(this, "Database");
    const pki = new PkiEngine(this, "Pki", { vault: this.vault, organization: "Vault platform" });
    const transit = new TransitEngine(this, "Transit");
    const engines: SharedEngines = {
      auth,
      keyValue,
      pki,
      transit,
      passwords: new PasswordPolicy(this, "DatabasePasswords", { passwordPolicyName: DATABASE_PASSWORDS }),
      databases: new Map(environment.databases.map((it) => [it.name, this.addDatabase(database, it)])),
    };
    const autopilot = { configurationPaths: ["sys/storage/raft/autopilot/configuration"], secretPaths: [] };
    const parts = [auth, keyValue, database, pki, transit, autopilot];
    if (!this.outside && environment.pipeline.vaultLogin)
      new VaultPipelines(this, "Pipelines", {
        environment,
        parts,
        mounts: {
          auth: `auth/${auth.path}`,
          database: database.path,
          pki: pki.path,
          transit: transit.path,
        },
      });
    if (environment.vault.oidc) new VaultPeople(this, "People", { environment, parts, keyValue });
    for (const { namespace, name } of environment.vault.secretKeepers) {
      const keeper = new K8sAuthBinding(this, `Keeper-${namespace}-${name}`, {
        auth,
        serviceAccount: { namespace, name },
        maxTtl: Duration.hours(1),
      });
      grantSecretKeeping(keeper, keyValue);
    }
    const enterprise =
      environment.vault.enterprise && new EnterpriseFeatures(this, "Enterprise", environment);
    if (environment.shards === "one") {
      for (const service of environment.services) {
        const judges = judgesOf(environment, service.name).map((name) => enterprise!.rolePolicy(name));
        new ServiceAccess(this, `${service.namespace}-${service.name}`, service, engines, judges);
      }
    }
  }

  /** Servers that are gone for a day are forgotten, as long as enough remain to decide. */
  private addAutopilot(): void {
    const { replicas } = this.environment.vault;
    if (replicas < 3) return;
    new RaftAutopilot(this, "Autopilot", {
      cleanupDeadServers: true,
      deadServerLastContactThreshold: "24h0m0s",
      minQuorum: replicas,
      serverStabilizationTime: "10s",
    });
  }

  private addDatabase(engine: DatabaseEngine, database: Environment["databases"][number]): PostgresDatabase {
    const { name, host, port, schemas, owner, caCertificate } = database;
    return new PostgresDatabase(this, `Database-${name}`, {
      engine,
      connectionName: name,
      host,
      port,
      database: database.database,
      schemas,
      owners: [owner],
      caCertificate,
      ...this.outside?.database(database),
      // Services of other stacks use the connection, too.
      allowedRoles: this.environment.services
        .filter((service) => service.database?.name === name)
        .map((service) => databaseRoleName(service.name))
        .sort(),
    });
  }
}
