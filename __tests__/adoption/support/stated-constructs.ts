import { Construct } from "constructs";
import { AuditDevices } from "../../../constructs/audit/audit-devices";
import { AwsAuth } from "../../../constructs/auth/aws-auth";
import { AwsAuthRole } from "../../../constructs/auth/aws-auth-role";
import { GithubAuthRole } from "../../../constructs/auth/github-auth-role";
import { JwtAuth } from "../../../constructs/auth/jwt-auth";
import { K8sAuthBinding } from "../../../constructs/auth/k8s-auth-binding";
import { KubernetesAuth } from "../../../constructs/auth/kubernetes-auth";
import { OidcAuth } from "../../../constructs/auth/oidc-auth";
import { OidcGroup } from "../../../constructs/auth/oidc-group";
import { PasswordPolicy } from "../../../constructs/auth/password-policy";
import { Policy } from "../../../constructs/auth/policy";
import { RateLimitQuota } from "../../../constructs/auth/rate-limit-quota";
import { Duration } from "../../../constructs/core/duration";
import { DatabaseEngine } from "../../../constructs/engines/database-engine";
import { DynamicPostgresRole } from "../../../constructs/engines/dynamic-postgres-role";
import { KeyValueEngine } from "../../../constructs/engines/key-value-engine";
import { PkiEngine } from "../../../constructs/engines/pki-engine";
import { PostgresDatabase } from "../../../constructs/engines/postgres-database";
import { StaticPostgresRole } from "../../../constructs/engines/static-postgres-role";
import { TransitEngine } from "../../../constructs/engines/transit-engine";
import { TransitKey } from "../../../constructs/engines/transit-key";

const importExisting = true;

/** The constructs of `ImportableConstructs`, each with one setting that differs from Vault's value. */
export class StatedConstructs extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new KeyValueEngine(this, "KeyValueEngine", { importExisting, path: "kv", maxVersions: 60 });
    const engine = new DatabaseEngine(this, "DatabaseEngine", {
      importExisting,
      path: "db",
      maxTtl: Duration.days(10),
    });
    const database = new PostgresDatabase(this, "PostgresDatabase", {
      importExisting,
      engine,
      connectionName: "orders-db",
      maxOpenConnections: 8,
    });
    new DynamicPostgresRole(this, "DynamicPostgresRole", {
      importExisting,
      database,
      roleName: "orders",
      maxTtl: Duration.days(7),
    });
    new StaticPostgresRole(this, "StaticPostgresRole", {
      importExisting,
      database,
      roleName: "reports",
      userName: "reports",
    });
    new PasswordPolicy(this, "PasswordPolicy", { importExisting, passwordPolicyName: "long" });
    const transit = new TransitEngine(this, "TransitEngine", {
      importExisting,
      path: "crypto",
      description: "Keys of cards",
    });
    new TransitKey(this, "TransitKey", {
      importExisting,
      engine: transit,
      keyName: "cards",
      rotationPeriod: Duration.days(30),
    });
    const pki = new PkiEngine(this, "PkiEngine", {
      importExisting,
      path: "ca",
      rootPath: "ca-root",
      maxTtl: Duration.days(3),
    });
    pki.addRole({ importExisting, roleName: "orders", ttl: Duration.hours(2) });

    const kubernetes = new KubernetesAuth(this, "KubernetesAuth", {
      importExisting,
      path: "k8s",
      maxTtl: Duration.days(3),
    });
    new K8sAuthBinding(this, "K8sAuthBinding", {
      importExisting,
      auth: kubernetes,
      serviceAccount: { name: "orders", namespace: "production" },
      ttl: Duration.minutes(20),
    });
    const jwt = new JwtAuth(this, "JwtAuth", {
      importExisting,
      path: "gitlab",
      defaultTtl: Duration.hours(3),
    });
    new GithubAuthRole(this, "GithubRole", {
      importExisting,
      auth: jwt,
      roleName: "plan",
      maxTtl: Duration.hours(4),
    });
    const aws = new AwsAuth(this, "AwsAuth", {
      importExisting,
      path: "cloud",
      serverId: "vault.example.com",
    });
    new AwsAuthRole(this, "AwsRole", {
      importExisting,
      auth: aws,
      roleName: "batch",
      ttl: Duration.minutes(10),
    });
    const oidc = new OidcAuth(this, "OidcAuth", {
      importExisting,
      path: "sso",
      roleName: "staff",
      ttl: Duration.minutes(40),
    });
    new OidcGroup(this, "OidcGroup", {
      importExisting,
      auth: oidc,
      groupName: "operators",
      group: "vault-ops",
    });
    new Policy(this, "Policy", { importExisting, policyName: "team-shared" });
    const devices = new AuditDevices(this, "AuditDevices");
    devices.addFile({ importExisting, path: "file", filePath: "stdout" });
    new RateLimitQuota(this, "RateLimitQuota", { importExisting, quotaName: "global", rate: 600 });
  }
}
