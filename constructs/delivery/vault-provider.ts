import type { IVault } from "../server/vault";
import type { WorkloadIdentity } from "./workload-identity";

export interface VaultProviderProps {
  readonly vault: IVault;
  readonly identity: WorkloadIdentity;
  readonly audience: string;
  /** The object is the cluster's: it has to say in which namespace the CA is. */
  readonly clusterScoped: boolean;
  /** Every namespace gets the token of the identity's ServiceAccount, instead of one of its own. */
  readonly shared?: boolean;
}

/**
 * How External Secrets reaches Vault and logs in. A ServiceAccount without a namespace is the one of that name in
 * the namespace that asks.
 * @see https://external-secrets.io/latest/provider/hashicorp-vault/
 */
export function vaultProvider({ vault, identity, audience, clusterScoped, shared }: VaultProviderProps) {
  const { name, namespace } = identity.serviceAccount;
  return {
    server: vault.address,
    ...(vault.enterpriseNamespace !== undefined && { namespace: vault.enterpriseNamespace }),
    caProvider: {
      type: "ConfigMap",
      name: vault.caBundle.configMapName,
      key: vault.caBundle.key,
      ...(clusterScoped && { namespace: vault.namespace }),
    },
    auth: {
      kubernetes: {
        mountPath: identity.authPath,
        role: identity.roleName,
        serviceAccountRef: { name, ...(shared && { namespace }), audiences: [audience] },
      },
    },
  };
}
