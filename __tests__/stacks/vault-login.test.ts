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

test("requests an ephemeral token for Vault alone, for ten minutes, by default", () => {
  expect(output.variable.cluster_login).toMatchObject({ type: "bool", default: true });
  expect(output.ephemeral.kubernetes_token_request_v1.terraform).toEqual({
    count: "${var.cluster_login ? 1 : 0}",
    metadata: { name: "vault-terraform", namespace: "vault" },
    spec: { audiences: ["vault"], expiration_seconds: 600 },
  });
});

test("takes a pipeline's token from an ephemeral, sensitive variable", () => {
  expect(output.variable.vault_jwt).toMatchObject({ ephemeral: true, sensitive: true });
});

test("logs in by mount and role, without a child token", () => {
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
  "plans resources of a Vault that does not exist yet, without a cluster",
  (plan) => {
    const result = plan(build(), { variables: { cluster_login: "false" } });
    expect(result.resources("vault_policy")).toHaveLength(1);
  },
);
