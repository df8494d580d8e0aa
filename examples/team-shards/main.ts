import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { App, TerraformStack } from "cdktf";
import { K8sAuthBinding, KubernetesAuth } from "cdktf-vault-platform/auth";
import { KeyValueEngine } from "cdktf-vault-platform/engines";

/** Whose services there are; each name is that of a ServiceAccount and of a prefix below `secret/`. */
const teams = {
  payments: ["payment-service", "refunds"],
  ledger: ["ledger", "reports"],
};

const app = new App();

// What all teams use, in a stack that changes seldom. Here the logins of Kubernetes are there already.
const platform = new TerraformStack(app, "platform");
new VaultProvider(platform, "Vault", {});
new KeyValueEngine(platform, "Secrets");

// A stack per team: a change of one service plans its team's stack, however many teams there are.
for (const [team, services] of Object.entries(teams)) {
  const stack = new TerraformStack(app, `team-${team}`);
  stack.addDependency(platform);
  new VaultProvider(stack, "Vault", {});
  const auth = KubernetesAuth.fromAttributes();
  const secrets = KeyValueEngine.fromAttributes(stack, "Secrets");
  for (const name of services) {
    const binding = new K8sAuthBinding(stack, name, { auth, serviceAccount: { name, namespace: team } });
    secrets.grantRead(binding, `${name}/*`);
  }
}

app.synth();
