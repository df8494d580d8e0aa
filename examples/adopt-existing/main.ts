import type { Mount } from "@cdktf/provider-vault/lib/mount";
import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { App, TerraformStack } from "cdktf";
import { K8sAuthBinding, KubernetesAuth, policyFromName } from "cdktf-vault-platform/auth";
import { KeyValueEngine } from "cdktf-vault-platform/engines";

const app = new App();
const stack = new TerraformStack(app, "adopt-existing");
new VaultProvider(stack, "Vault", {});

// Somebody else's, and it stays so: a name is all that is needed, and nothing of it enters the state.
const auth = KubernetesAuth.fromAttributes({ path: "k8s" });
const shared = policyFromName("team-shared");

// Taken over: the construct describes what is there, and the first plan says "import" where it would say "create".
const secrets = new KeyValueEngine(stack, "Secrets", { path: "kv" });
(secrets.node.defaultChild as Mount).importFrom("kv");

// New beside the old: a role and a policy of its own, which say what the service may do and why.
const orders = new K8sAuthBinding(stack, "Orders", {
  auth,
  serviceAccount: { name: "orders", namespace: "production" },
  additionalPolicies: [shared],
});
secrets.grantRead(orders, "orders/*");

app.synth();
