import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { App, TerraformStack } from "cdktf";
import { AwsAuth, AwsAuthRole } from "cdktf-vault-platform/auth";
import { TransitEngine, TransitKey } from "cdktf-vault-platform/engines";

const SERVER_ID = "vault.example.com";
const REGION = "us-east-1";
const app = new App();

// The login. You deploy this stack once with an existing login, because a login cannot create itself.
const access = new TerraformStack(app, "aws-access");
new VaultProvider(access, "Vault", {});
const role = new AwsAuthRole(access, "Orders", {
  auth: new AwsAuth(access, "Aws", { region: REGION, serverId: SERVER_ID }),
  roleName: "orders-terraform",
  principalArn: "arn:aws:iam::333333333333:role/orders-terraform",
});
// Only the paths that the stack below writes. The role can do everything that these rules allow, so keep them narrow.
for (const path of ["transit/keys/orders", "transit/keys/orders/config"]) {
  role.addCustomRule({
    path,
    capabilities: ["create", "read", "update"],
    reason: "deploys the key of orders",
  });
}

// From then on the AWS role deploys this stack, without a token and without stored credentials.
const orders = new TerraformStack(app, "orders");
new VaultProvider(orders, "Vault", {
  authLoginAws: [{ role: role.roleName, headerValue: SERVER_ID, awsRegion: REGION }],
  // The login's token is already short-lived. A child token would need permission to create tokens.
  skipChildToken: true,
});
new TransitKey(orders, "Key", { engine: TransitEngine.fromAttributes(orders, "Transit"), keyName: "orders" });

app.synth();
