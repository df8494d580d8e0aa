import { object, text } from "../core/field";
import { caBundle as CA_BUNDLE } from "./fields";

/** Address and CA of a Vault. The other layers need nothing else. */
export interface IVault {
  /** Namespace of Vault's pods. */
  readonly namespace: string;
  /** URL of all ready servers. Standbys forward requests to the active server. */
  readonly address: string;
  /** URL of the active server alone, for requests that a standby cannot serve. */
  readonly activeAddress: string;
  /** ConfigMap with the CA certificates of Vault's certificate. It exists in every namespace that connects to Vault. */
  readonly caBundle: { readonly configMapName: string; readonly key: string };
  /**
   * Secret in Vault's namespace with the client certificate (tls.crt, tls.key) of jobs, if clients must present one.
   * @default - none: clients need no certificate
   */
  readonly clientCertificateSecret?: string;
  /**
   * Namespace of Vault Enterprise, such as `teams/payments`, in which agents, External Secrets and cert-manager log in
   * and read.
   * @default - none: the root namespace
   */
  readonly enterpriseNamespace?: string;
}

/** Attributes of a Vault that another stack or team deploys. */
export interface VaultAttributes {
  /** Namespace of Vault's pods. @default vault */
  readonly namespace?: string;
  /** Name of the Helm release, the prefix of its Services. @default vault */
  readonly releaseName?: string;
  /** ConfigMap and key of the CA certificates. @default - ConfigMap vault-ca, key ca.crt */
  readonly caBundle?: IVault["caBundle"];
  /** Namespace of Vault Enterprise in which clients log in. @default - none: the root namespace */
  readonly enterpriseNamespace?: string;
}

/** Fields of `VaultAttributes`. */
export const VAULT_ATTRIBUTES = object<VaultAttributes>(() => ({
  namespace: text.optional(),
  releaseName: text.optional(),
  caBundle: CA_BUNDLE.optional(),
  enterpriseNamespace: text.optional(),
}));

/** Addresses and CA of a Vault, whose Services have deterministic names. */
export function vaultAt({
  namespace = "vault",
  releaseName = "vault",
  caBundle = { configMapName: "vault-ca", key: "ca.crt" },
  enterpriseNamespace,
}: VaultAttributes = {}): IVault {
  return {
    namespace,
    address: `https://${releaseName}.${namespace}.svc:8200`,
    activeAddress: `https://${releaseName}-active.${namespace}.svc:8200`,
    caBundle,
    ...(enterpriseNamespace !== undefined && { enterpriseNamespace }),
  };
}
