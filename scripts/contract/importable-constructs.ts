import { Construct } from "constructs";
import {
  AuditDevices,
  AwsAuth,
  AwsAuthRole,
  DatabaseEngine,
  DynamicPostgresRole,
  GithubAuthRole,
  JwtAuth,
  K8sAuthBinding,
  KeyValueEngine,
  KubernetesAuth,
  OidcAuth,
  OidcGroup,
  PasswordPolicy,
  PkiEngine,
  Policy,
  PostgresDatabase,
  RateLimitQuota,
  StaticPostgresRole,
  TransitEngine,
  TransitKey,
} from "../../constructs";

const importExisting = true;

/** One of each construct that can import existing objects, with only its names set. */
export class ImportableConstructs extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.addEngines();
    this.addAuth();
    const devices = new AuditDevices(this, "AuditDevices");
    devices.addFile({ importExisting, path: "file", filePath: "stdout" });
  }

  private addEngines(): void {
    new KeyValueEngine(this, "KeyValueEngine", { importExisting, path: "kv" });

    const engine = new DatabaseEngine(this, "DatabaseEngine", { importExisting, path: "db" });
    const database = new PostgresDatabase(this, "PostgresDatabase", {
      importExisting,
      engine,
      connectionName: "orders-db",
    });
    new DynamicPostgresRole(this, "DynamicPostgresRole", { importExisting, database, roleName: "orders" });
    new StaticPostgresRole(this, "StaticPostgresRole", {
      importExisting,
      database,
      roleName: "reports",
      userName: "reports",
    });
    new PasswordPolicy(this, "PasswordPolicy", { importExisting, passwordPolicyName: "long" });

    const transit = new TransitEngine(this, "TransitEngine", { importExisting, path: "crypto" });
    new TransitKey(this, "TransitKey", { importExisting, engine: transit, keyName: "cards" });

    const pki = new PkiEngine(this, "PkiEngine", { importExisting, path: "ca", rootPath: "ca-root" });
    pki.addRole({ importExisting, roleName: "orders" });
  }

  private addAuth(): void {
    const kubernetes = new KubernetesAuth(this, "KubernetesAuth", { importExisting, path: "k8s" });
    new K8sAuthBinding(this, "K8sAuthBinding", {
      importExisting,
      auth: kubernetes,
      serviceAccount: { name: "orders", namespace: "production" },
    });
    const jwt = new JwtAuth(this, "JwtAuth", { importExisting, path: "gitlab" });
    new GithubAuthRole(this, "GithubRole", { importExisting, auth: jwt, roleName: "plan" });
    const aws = new AwsAuth(this, "AwsAuth", { importExisting, path: "cloud" });
    new AwsAuthRole(this, "AwsRole", { importExisting, auth: aws, roleName: "batch" });
    const oidc = new OidcAuth(this, "OidcAuth", { importExisting, path: "sso", roleName: "staff" });
    new OidcGroup(this, "OidcGroup", {
      importExisting,
      auth: oidc,
      groupName: "operators",
      group: "vault-ops",
    });
    new Policy(this, "Policy", { importExisting, policyName: "team-shared" });
    new RateLimitQuota(this, "RateLimitQuota", { importExisting, quotaName: "global", rate: 500 });
  }
}
