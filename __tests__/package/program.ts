/**
 * CDK app of a user, with constructs of the package and other resources. It contains no types and imports complete file
 * names. The same text is valid as TypeScript and, with another file extension, as a Node module.
 */
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider/index.js";
import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1/index.js";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider/index.js";
import { Mount } from "@cdktf/provider-vault/lib/mount/index.js";
import { VaultProvider } from "@cdktf/provider-vault/lib/provider/index.js";
import { App, TerraformStack } from "cdktf";
import { CrdDeclaration, Duration } from "cdktf-vault-platform";
import { K8sAuthBinding, KubernetesAuth } from "cdktf-vault-platform/auth";
import { KmsAutoUnseal } from "cdktf-vault-platform/aws";
import { Seal, Tls, VaultHaCluster } from "cdktf-vault-platform/server";
import {
  DatabaseEngine,
  DynamicPostgresRole,
  KeyValueEngine,
  PostgresDatabase,
} from "cdktf-vault-platform/engines";

const app = new App();

const foundation = new TerraformStack(app, "foundation");
foundation.addOverride("terraform.required_providers.aws.version", ">= 5.99.0, < 7.0.0");
new AwsProvider(foundation, "Aws", { region: "us-east-1" });
new KmsAutoUnseal(foundation, "Unseal", {
  account: "111111111111",
  breakGlassPrincipal: "arn:aws:iam::111111111111:role/vault-break-glass",
  roleName: "production-vault",
  oidcProvider: "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE",
  serviceAccount: { namespace: "vault", name: "vault" },
});

const cluster = new TerraformStack(app, "cluster");
new KubernetesProvider(cluster, "Kubernetes", {});
new HelmProvider(cluster, "Helm", {});
new ConfigMapV1(cluster, "Mine", { metadata: { name: "mine", namespace: "vault" }, data: { owner: "me" } });
new VaultHaCluster(cluster, "Vault", {
  seal: Seal.awsKms({
    keyId: "alias/vault-unseal-key",
    region: "us-east-1",
    roleArn: "arn:aws:iam::111111111111:role/production-vault",
  }),
  tls: Tls.certManager({ kind: "ClusterIssuer", name: "platform-ca", type: "ca" }),
  crds: CrdDeclaration.groups("cert-manager.io"),
});

const config = new TerraformStack(app, "config");
new VaultProvider(config, "Vault", { address: "https://vault.example.com" });
new Mount(config, "Legacy", { path: "legacy", type: "kv-v2" });
const payment = new K8sAuthBinding(config, "PaymentService", {
  auth: new KubernetesAuth(config, "KubernetesAuth"),
  serviceAccount: { name: "payment-service", namespace: "production" },
  ttl: Duration.hours(1),
});
const database = new PostgresDatabase(config, "PaymentsDb", {
  engine: new DatabaseEngine(config, "Database"),
  connectionName: "payments-db",
  host: "payments-db.production.svc",
  database: "payments",
  owners: ["payments_owner"],
});
const role = new DynamicPostgresRole(config, "PaymentServiceRole", {
  database,
  roleName: "payment-service-role",
  access: "read-write",
  defaultTtl: Duration.hours(1),
  maxTtl: Duration.hours(24),
});
new KeyValueEngine(config, "KeyValue").grantRead(payment, "payment-service/*");
role.grantCredentials(payment);

app.synth();
