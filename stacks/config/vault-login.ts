import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { TerraformVariable, type TerraformStack } from "cdktf";
import { Duration } from "../../constructs/core/duration";
import { bootstrapNames } from "../../constructs/jobs/bootstrap-names";

export interface VaultLoginProps {
  /** Where Vault is reached, unless the variable `vault_address` says otherwise. */
  readonly endpoint: string;
  /** Namespace of the ServiceAccount that Terraform acts as. */
  readonly namespace: string;
}

/**
 * How Terraform logs in to Vault: with a token of ten minutes, made for Vault alone, that it requests for its own
 * ServiceAccount when it starts. It is an ephemeral value, so that neither state nor plan holds it.
 *
 * With `cluster_login = false` nothing is asked of the cluster, and the token in `vault_jwt` is used, such as that of
 * a GitHub workflow; without one, resources that do not exist yet can still be planned. The switch is a plain
 * boolean, because a count may not depend on an ephemeral value.
 * @see https://registry.terraform.io/providers/hashicorp/kubernetes/latest/docs/ephemeral-resources/token_request_v1
 */
export function addVaultProvider(
  stack: TerraformStack,
  { endpoint, namespace }: VaultLoginProps,
): VaultProvider {
  const address = new TerraformVariable(stack, "vault_address", {
    type: "string",
    default: endpoint,
    description: "URL of Vault; another one is a port-forward",
  });
  new TerraformVariable(stack, "cluster_login", {
    type: "bool",
    default: true,
    description: "Log in with a ServiceAccount token of the cluster; false: with vault_jwt",
  });
  new TerraformVariable(stack, "vault_login", {
    type: "object({ mount = string, role = string })",
    default: { mount: bootstrapNames.authPath, role: bootstrapNames.deployRole },
    description: "Auth mount and role that the login goes to",
  });
  const jwt = new TerraformVariable(stack, "vault_jwt", {
    type: "string",
    // Terraform refuses an empty one only when it logs in, so plans of what does not exist yet need none.
    default: "",
    sensitive: true,
    description: "Identity token for cluster_login = false",
  });
  jwt.addOverride("ephemeral", true);
  stack.addOverride("ephemeral.kubernetes_token_request_v1.terraform", {
    count: "${var.cluster_login ? 1 : 0}",
    metadata: { name: bootstrapNames.deployServiceAccount, namespace },
    spec: { audiences: [bootstrapNames.audience], expiration_seconds: Duration.minutes(10).toSeconds() },
  });
  stack.addOverride("terraform.required_providers.vault.version", ">= 5.6.0, < 6.0.0");
  return new VaultProvider(stack, "Vault", {
    address: address.stringValue,
    // The login's own token is short-lived already, and a child of it would need the right to make tokens.
    skipChildToken: true,
    authLogin: [
      {
        path: "auth/${var.vault_login.mount}/login",
        parameters: {
          role: "${var.vault_login.role}",
          jwt: "${var.cluster_login ? one(ephemeral.kubernetes_token_request_v1.terraform[*].token) : var.vault_jwt}",
        },
      },
    ],
  });
}
