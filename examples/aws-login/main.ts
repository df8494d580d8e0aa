import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { App, TerraformStack } from "cdktf";
import { AwsAuth, AwsAuthRole } from "cdktf-vault-platform/auth";
import { TransitEngine, TransitKey } from "cdktf-vault-platform/engines";

const SERVER_ID = "vault.example.com";
const REGION = "us-east-1";
const app = new App();

// The way in, deployed once by a login that is there already: what must exist before a login cannot be made by it.
const access = new TerraformStack(app, "aws-access");
new VaultProvider(access, "Vault", {});
const role = new AwsAuthRole(access, "Orders", {
  auth: new AwsAuth(access, "Aws", { region: REGION, serverId: SERVER_ID }),
  roleName: "orders-terraform",
  principalArn: "arn:aws:iam::333333333333:role/orders-terraform",
});
// What the stack below writes, and no more: such a rule is as strong as what it writes.
for (const path of ["transit/keys/orders", "transit/keys/orders/config"]) {
  role.addCustomRule({
    path,
    capabilities: ["create", "read", "update"],
    reason: "deploys the key of orders",
  });
}

// From then on whoever is that role in AWS deploys this one: no token, and nothing that is stored.
const orders = new TerraformStack(app, "orders");
new VaultProvider(orders, "Vault", {
  authLoginAws: [{ role: role.roleName, headerValue: SERVER_ID, awsRegion: REGION }],
  // The login's own token is short-lived already, and a child of it would need the right to make tokens.
  skipChildToken: true,
});
new TransitKey(orders, "Key", { engine: TransitEngine.fromAttributes(), keyName: "orders" });

app.synth();
