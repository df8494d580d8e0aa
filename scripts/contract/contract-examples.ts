import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { exampleCa } from "../../environments/shared";
import {
  AwsAuth,
  AwsAuthRole,
  CaBundle,
  ClusterSecretStore,
  CrdDeclaration,
  DatabaseEngine,
  DrHandover,
  DrReplicationPrimary,
  DrReplicationSecondary,
  Duration,
  EnterpriseNamespace,
  EphemeralVariable,
  ExternalSecret,
  KeyValueEngine,
  KeyValueSecret,
  LeaseCountQuota,
  PostgresDatabase,
  SentinelEndpointPolicy,
  SentinelRolePolicy,
  StaticPostgresRole,
  TransitEngine,
  TransitKey,
  UserLockout,
  VaultDynamicSecret,
  VaultHaCluster,
  VaultIssuer,
  workloadIdentity,
} from "../../constructs";

const licence = { secretName: "vault-licence", key: "licence" };
const identity = workloadIdentity({ service: "payment-service", namespace: "production" });
const crds = CrdDeclaration.groups(
  "external-secrets.io",
  "generators.external-secrets.io",
  "cert-manager.io",
);

/** One of each construct that the repository's environments do not use, or do not use on its own. */
export class ContractExamples extends TerraformStack {
  private readonly vault = VaultHaCluster.fromAttributes(this, "Vault");

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.addLogins();
    this.addEngines();
    this.addDelivery();
    this.addEnterprise();
  }

  private addLogins(): void {
    const aws = new AwsAuth(this, "AwsAuth", { region: "us-east-1", serverId: "vault.example.com" });
    const principalArn = "arn:aws:iam::111111111111:role/plan";
    new AwsAuthRole(this, "AwsRole", { auth: aws, roleName: "plan", principalArn });
    new UserLockout(this, "UserLockout", { auth: { pathReference: "ldap" }, method: "ldap" });
  }

  private addEngines(): void {
    const stripe = new EphemeralVariable(this, "Stripe", { variableName: "stripe", description: "Key" });
    new KeyValueSecret(this, "KeyValueSecret", {
      engine: new KeyValueEngine(this, "KeyValueEngine"),
      secretPath: "payment-service/config",
      values: { stripe_api_key: stripe.stringValue },
      version: 1,
    });
    const database = new PostgresDatabase(this, "PostgresDatabase", {
      engine: new DatabaseEngine(this, "DatabaseEngine"),
      connectionName: "payments-db",
      host: "payments-db.production.svc",
      database: "payments",
      owners: ["payments_owner"],
    });
    new StaticPostgresRole(this, "StaticPostgresRole", { database, roleName: "report", userName: "report" });
    new TransitKey(this, "TransitKey", {
      engine: TransitEngine.fromAttributes(this, "Transit"),
      keyName: "cards",
    });
  }

  private addDelivery(): void {
    CaBundle.ofCertificates(this, "CaBundle", {
      certificates: [exampleCa],
      namespaces: ["vault", "production"],
    });
    const store = new ClusterSecretStore(this, "ClusterSecretStore", { vault: this.vault, identity, crds });
    new ExternalSecret(this, "ExternalSecret", {
      store,
      name: "payment-service-secrets",
      path: "payment-service/config",
      keys: { "api-key": "api_key" },
      crds,
    });
    new VaultDynamicSecret(this, "VaultDynamicSecret", {
      vault: this.vault,
      identity,
      name: "payment-service-db",
      role: "payment-service-role",
      leaseTtl: Duration.hours(1),
      crds,
    });
    const caBundleSecret = { name: "payment-service-vault-ca", key: "ca.crt" };
    new VaultIssuer(this, "VaultIssuer", {
      vault: this.vault,
      identity,
      name: "payment-issuer",
      role: "payment-service",
      caBundleSecret,
      crds,
    });
  }

  private addEnterprise(): void {
    const secret = (name: string) => `arn:aws:secretsmanager:us-west-2:111111111111:secret:dr/vault/${name}`;
    const replication = {
      licence,
      vault: this.vault,
      images: { vault: "hashicorp/vault:1.21.0", awsCli: "public.ecr.aws/aws-cli/aws-cli:2.31.0" },
      secondaryId: "dr",
      handover: {
        region: "us-west-2",
        publicKeySecret: secret("dr-public-key"),
        tokenSecret: secret("dr-token"),
      },
      roleArn: "arn:aws:iam::111111111111:role/production-vault-dr-replication",
      peerRanges: ["10.8.0.0/16"],
    };
    new DrReplicationPrimary(this, "DrReplicationPrimary", {
      ...replication,
      clusterAddress: "https://vault-cluster.us-east-1.example.com:8201",
    });
    new DrReplicationSecondary(this, "DrReplicationSecondary", {
      ...replication,
      vault: VaultHaCluster.fromAttributes(this, "DrVault", { namespace: "vault-dr" }),
    });
    new DrHandover(this, "DrHandover", {
      licence,
      account: "111111111111",
      region: "us-west-2",
      keyAlias: "alias/dr-vault-handover",
      publicKeySecret: "dr/vault/dr-public-key",
      tokenSecret: "dr/vault/dr-token",
      primaryRoleArn: "arn:aws:iam::111111111111:role/production-vault-dr-replication",
      secondaryRoleArn: "arn:aws:iam::111111111111:role/dr-vault-dr-replication",
      breakGlassPrincipal: "arn:aws:iam::111111111111:role/break-glass",
    });
    new EnterpriseNamespace(this, "EnterpriseNamespace", { licence, path: "payments" });
    new LeaseCountQuota(this, "LeaseCountQuota", {
      licence,
      quotaName: "database",
      maxLeases: 1000,
      path: "database/",
    });
    const code = "main = rule { true }";
    new SentinelEndpointPolicy(this, "SentinelEndpointPolicy", {
      licence,
      policyName: "endpoint",
      paths: ["secret/*"],
      code,
    });
    new SentinelRolePolicy(this, "SentinelRolePolicy", { licence, policyName: "role", code });
  }
}
