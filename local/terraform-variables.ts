import { readFileSync } from "node:fs";
import { caFile } from "./certificates";
import { initialPasswords, variablePrefix } from "./databases";
import { places } from "./places";
import { type Ports, environment, kubernetesUrl, vaultPorts } from "./platform";
import { vaultAddress } from "./vault-servers";

/** Variables that Terraform and its providers need for stacks that are applied to the platform. */
export function platformVariables(ports: Ports): Record<string, string> {
  return { ...addressVariables(ports), ...initialPasswords() };
}

/** The same variables without secrets. */
export function addressVariables(ports: Ports): Record<string, string> {
  return {
    KUBE_CONFIG_PATH: places.kubeconfig,
    VAULT_CACERT: caFile,
    TF_VAR_vault_address: vaultAddress(vaultPorts(ports)[0]),
    TF_VAR_platform_ca_certificate: readFileSync(caFile, "utf8"),
    TF_VAR_kubernetes_host: kubernetesUrl(ports),
    ...Object.fromEntries(
      environment.databases.map((it) => [`TF_VAR_${variablePrefix(it)}_port`, String(ports.postgres)]),
    ),
  };
}
