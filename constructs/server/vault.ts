import { checkProps, object, text } from "../core/field";
import { caBundle as CA_BUNDLE } from "./fields";

/** Where a Vault is and how its certificate is verified; all that the other layers need to know of it. */
export interface IVault {
  /** Namespace of Vault's pods. */
  readonly namespace: string;
  /** Every ready server; requests are forwarded to the active one. */
  readonly address: string;
  /** The active server alone, for what a standby cannot do. */
  readonly activeAddress: string;
  /** ConfigMap with the certificates that sign Vault's own, in every namespace that talks to Vault. */
  readonly caBundle: { readonly configMapName: string; readonly key: string };
  /**
   * Secret of Vault's namespace with the certificate (tls.crt, tls.key) that jobs there show, where clients have to
   * present one. @default - none: clients need no certificate
   */
  readonly clientCertificateSecret?: string;
  /**
   * Namespace of Vault Enterprise, such as `teams/payments`, in which agents, External Secrets and cert-manager log in
   * and find what they ask for. @default - none: the root namespace
   */
  readonly enterpriseNamespace?: string;
}

export interface VaultAttributes {
  /** @default vault */
  readonly namespace?: string;
  /** Name of the Helm release, which its Services are named after. @default vault */
  readonly releaseName?: string;
  /** @default - ConfigMap vault-ca, key ca.crt */
  readonly caBundle?: IVault["caBundle"];
  /** Namespace of Vault Enterprise that its clients are in. @default - none: the root namespace */
  readonly enterpriseNamespace?: string;
}

const ATTRIBUTES = object<VaultAttributes>(() => ({
  namespace: text.optional(),
  releaseName: text.optional(),
  caBundle: CA_BUNDLE.optional(),
  enterpriseNamespace: text.optional(),
}));

/** A Vault that another stack or another team deploys: its Services have deterministic names. */
export function vaultFromAttributes(attributes: VaultAttributes = {}): IVault {
  checkProps("vaultFromAttributes", ATTRIBUTES, attributes);
  const {
    namespace = "vault",
    releaseName = "vault",
    caBundle = { configMapName: "vault-ca", key: "ca.crt" },
    enterpriseNamespace,
  } = attributes;
  return {
    namespace,
    address: `https://${releaseName}.${namespace}.svc:8200`,
    activeAddress: `https://${releaseName}-active.${namespace}.svc:8200`,
    caBundle,
    ...(enterpriseNamespace !== undefined && { enterpriseNamespace }),
  };
}
