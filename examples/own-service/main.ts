import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { App, TerraformStack } from "cdktf";
import { K8sAuthBinding, KubernetesAuth } from "cdktf-vault-platform/auth";
import { Duration } from "cdktf-vault-platform/core";
import {
  DatabaseEngine,
  DynamicPostgresRole,
  KeyValueEngine,
  PostgresDatabase,
} from "cdktf-vault-platform/engines";

const app = new App();
const stack = new TerraformStack(app, "own-service");
new VaultProvider(stack, "Vault", {});

// The platform team owns these; your stack only refers to them.
const auth = KubernetesAuth.fromAttributes(stack, "KubernetesAuth");
const secrets = KeyValueEngine.fromAttributes(stack, "Secrets");
const database = PostgresDatabase.fromAttributes(stack, "Database", {
  engine: DatabaseEngine.fromAttributes(stack, "DatabaseEngine"),
  connectionName: "payments-db",
  database: "payments",
});

// Your resources: an identity, its read permissions, and a database role.
const ledger = new K8sAuthBinding(stack, "Ledger", {
  auth,
  serviceAccount: { name: "ledger", namespace: "production" },
  ttl: Duration.hours(1),
});
secrets.grantRead(ledger, "ledger/*");
new DynamicPostgresRole(stack, "LedgerRole", {
  database,
  roleName: "ledger-role",
  access: "read-only",
  maxTtl: Duration.hours(8),
}).grantCredentials(ledger);

app.synth();
