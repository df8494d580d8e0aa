import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { App, TerraformStack } from "cdktf";
import { K8sAuthBinding, KubernetesAuth, Policy } from "cdktf-vault-platform/auth";
import { KeyValueEngine } from "cdktf-vault-platform/engines";

const app = new App();
const stack = new TerraformStack(app, "adopt-existing");
new VaultProvider(stack, "Vault", {});

// Reference: another team manages these two. Their names are enough, and nothing of them enters the state.
const auth = KubernetesAuth.fromAttributes(stack, "KubernetesAuth", { path: "k8s" });
const shared = Policy.fromPolicyName(stack, "TeamShared", "team-shared");

// Import: Terraform manages the secrets engine, the role and its policy. It changes only the attributes that you set.
const importExisting = true;
const secrets = new KeyValueEngine(stack, "Secrets", { importExisting, path: "kv" });
new K8sAuthBinding(stack, "Orders", {
  importExisting,
  auth,
  serviceAccount: { name: "orders", namespace: "production" },
});

// Create: a role and a policy with names that Vault does not have yet.
const reports = new K8sAuthBinding(stack, "Reports", {
  auth,
  serviceAccount: { name: "reports", namespace: "production" },
  roleName: "reports-v2",
  additionalPolicies: [shared],
});
secrets.grantRead(reports, "orders/*");

// Extend: the policy's present text, as `vault read -field=policy sys/policies/acl/billing` prints it, and a grant.
const billing = new K8sAuthBinding(stack, "Billing", {
  importExisting,
  auth,
  serviceAccount: { name: "billing", namespace: "production" },
  policy: new Policy(stack, "BillingPolicy", {
    importExisting,
    policyName: "billing",
    document: 'path "database/creds/billing" {\n  capabilities = ["read"]\n}\n',
  }),
  additionalPolicies: [shared],
});
secrets.grantRead(billing, "billing/*");

app.synth();
