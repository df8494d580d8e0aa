import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { App, TerraformStack } from "cdktf";
import { K8sAuthBinding, KubernetesAuth } from "cdktf-vault-platform/auth";
import { KeyValueEngine } from "cdktf-vault-platform/engines";

/** Services by team. Each name is that of a ServiceAccount and of a prefix below `secret/`. */
const teams = {
  payments: ["payment-service", "refunds"],
  ledger: ["ledger", "reports"],
};

const app = new App();

// Resources of all teams, in a stack that seldom changes. In this example Vault already has the Kubernetes auth mount.
const platform = new TerraformStack(app, "platform");
new VaultProvider(platform, "Vault", {});
new KeyValueEngine(platform, "Secrets");

// One stack per team: a change of one service plans only its team's stack, however many teams there are.
for (const [team, services] of Object.entries(teams)) {
  const stack = new TerraformStack(app, `team-${team}`);
  stack.addDependency(platform);
  new VaultProvider(stack, "Vault", {});
  const auth = KubernetesAuth.fromAttributes(stack, "KubernetesAuth");
  const secrets = KeyValueEngine.fromAttributes(stack, "Secrets");
  for (const name of services) {
    const binding = new K8sAuthBinding(stack, name, { auth, serviceAccount: { name, namespace: team } });
    secrets.grantRead(binding, `${name}/*`);
  }
}

app.synth();
