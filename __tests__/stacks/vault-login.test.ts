import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { Policy } from "@cdktf/provider-vault/lib/policy";
import { TerraformStack, Testing } from "cdktf";
import { addVaultProvider } from "../../stacks/config/vault-login";
import { testWithTerraform } from "../support/terraform";

function build(): TerraformStack {
  const stack = new TerraformStack(Testing.app(), "test");
  new KubernetesProvider(stack, "Kubernetes", {});
  addVaultProvider(stack, { endpoint: "https://vault.example.com", namespace: "vault" });
  new Policy(stack, "Policy", { name: "p", policy: 'path "a" { capabilities = ["read"] }' });
  return stack;
}

const output = JSON.parse(Testing.synth(build()));

test("by default Terraform requests a token of ten minutes, for Vault alone, as an ephemeral value", () => {
  expect(output.variable.cluster_login).toMatchObject({ type: "bool", default: true });
  expect(output.ephemeral.kubernetes_token_request_v1.terraform).toEqual({
    count: "${var.cluster_login ? 1 : 0}",
    metadata: { name: "vault-terraform", namespace: "vault" },
    spec: { audiences: ["vault"], expiration_seconds: 600 },
  });
});

test("a pipeline's token comes in an ephemeral, sensitive variable", () => {
  expect(output.variable.vault_jwt).toMatchObject({ ephemeral: true, sensitive: true });
});

test("the login names mount and role, and no token is kept or made from it", () => {
  expect(output.provider.vault).toEqual([
    {
      address: "${var.vault_address}",
      auth_login: [
        {
          path: "auth/${var.vault_login.mount}/login",
          parameters: {
            role: "${var.vault_login.role}",
            jwt: "${var.cluster_login ? one(ephemeral.kubernetes_token_request_v1.terraform[*].token) : var.vault_jwt}",
          },
        },
      ],
      skip_child_token: true,
    },
  ]);
  expect(output.variable.vault_login.default).toEqual({ mount: "terraform", role: "deploy" });
});

testWithTerraform(
  ["kubernetes", "vault"],
  "without cluster and Vault, what does not exist yet is planned",
  (plan) => {
    const result = plan(build(), { variables: { cluster_login: "false" } });
    expect(result.resources("vault_policy")).toHaveLength(1);
  },
);
