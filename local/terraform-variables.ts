import { caFile } from "./certificates";
import { initialPasswords } from "./databases";
import { places } from "./places";
import { type Ports, vaultPorts } from "./platform";
import { vaultAddress } from "./vault-servers";

/** What Terraform and its providers read of the platform, for stacks that are applied to it. */
export function platformVariables(ports: Ports): Record<string, string> {
  return {
    KUBE_CONFIG_PATH: places.kubeconfig,
    VAULT_CACERT: caFile,
    TF_VAR_vault_address: vaultAddress(vaultPorts(ports)[0]),
    ...initialPasswords(),
  };
}
