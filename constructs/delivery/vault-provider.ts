import type { IVault } from "../server/vault";
import type { WorkloadIdentity } from "./workload-identity";

/** Properties of the Vault provider of External Secrets. */
export interface VaultProviderProps {
  /** Vault that External Secrets reads. */
  readonly vault: IVault;
  /** Identity with which External Secrets logs in. */
  readonly identity: WorkloadIdentity;
  /** Audience of the ServiceAccount token. */
  readonly audience: string;
  /** Whether the object is cluster-scoped and must therefore name the CA's namespace. */
  readonly clusterScoped: boolean;
  /** Whether every namespace uses the token of the identity's ServiceAccount instead of a separate one. */
  readonly shared?: boolean;
}

/**
 * Connection and login of External Secrets to Vault. A ServiceAccount without a namespace is the one of that name in
 * the namespace of the ExternalSecret.
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
