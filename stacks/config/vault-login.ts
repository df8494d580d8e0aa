import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { TerraformVariable, type TerraformStack } from "cdktf";
import { Duration } from "../../constructs/core/duration";
import { bootstrapNames } from "../../constructs/jobs/bootstrap-names";

/** Properties of `addVaultProvider`. */
export interface VaultLoginProps {
  /** URL of Vault. The variable `vault_address` overrides it. */
  readonly endpoint: string;
  /** Namespace of the ServiceAccount that Terraform acts as. */
  readonly namespace: string;
}

/**
 * Adds the Vault provider and its login. When Terraform starts, it requests a token for its own ServiceAccount. The
 * token has a TTL of ten minutes and is valid for Vault only. It is an ephemeral value, so neither state nor plan
 * contains it.
 *
 * With `cluster_login = false`, Terraform does not request a token. It uses the token in `vault_jwt`, such as that of a
 * GitHub workflow. Without a token, you can still plan resources that do not exist yet. The switch is a plain boolean,
 * because a count must not depend on an ephemeral value.
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
    // An empty token fails only at the login, so plans of resources that do not exist yet need none.
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
    // The token of the login is already short-lived. A child token would need permission to create tokens.
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
