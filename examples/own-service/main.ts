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

// The platform's team owns these; here they are only referred to.
const auth = KubernetesAuth.fromAttributes();
const secrets = KeyValueEngine.fromAttributes(stack, "Secrets");
const database = PostgresDatabase.fromAttributes({
  engine: DatabaseEngine.fromAttributes(),
  connectionName: "payments-db",
  database: "payments",
});

// Yours: an identity, what it may read, and a database role of its own.
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
