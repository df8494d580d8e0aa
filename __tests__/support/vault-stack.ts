import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { Synthesized } from "./synth";

/** Empty stack with a Vault provider. */
export function vaultStack(): TerraformStack {
  const stack = new TerraformStack(Testing.app(), "test");
  new VaultProvider(stack, "Vault", {});
  return stack;
}

/** Synthesizes a stack with a Vault provider. Validations run as in a deployment. */
export function synthesizeVault(build: (stack: TerraformStack) => void): Synthesized {
  const stack = vaultStack();
  build(stack);
  return new Synthesized(JSON.parse(Testing.synth(stack, true)));
}
