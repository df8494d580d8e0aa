import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { App, TerraformStack } from "cdktf";
import { K8sAuthBinding, KubernetesAuth } from "cdktf-vault-platform/auth";
import { TransitEngine, TransitKey } from "cdktf-vault-platform/engines";

const app = new App();
const stack = new TerraformStack(app, "transit");
new VaultProvider(stack, "Vault", {});

const auth = KubernetesAuth.fromAttributes(stack, "KubernetesAuth");
const service = (name: string) =>
  new K8sAuthBinding(stack, name, { auth, serviceAccount: { name, namespace: "production" } });

// The key never leaves Vault. The order service can encrypt a card number, but cannot decrypt it.
const cards = new TransitKey(stack, "Cards", {
  engine: TransitEngine.fromAttributes(stack, "Transit"),
  keyName: "cards",
});
cards.grantEncrypt(service("orders"));
cards.grantDecrypt(service("payments"));

app.synth();
