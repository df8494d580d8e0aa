import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { CertificateBundle, certificatesOf } from "../core/certificate-bundle";
import { type CrdDeclaration, CustomResources } from "../core/custom-resources";
import { anyText, checkProps, list, object, text as TEXT } from "../core/field";
import { crds } from "../core/fields";
import { claimObject } from "../core/kubernetes-claims";
import { ValidationError } from "../core/validation-error";
import type { IVault } from "./vault";

/** Properties of `CaBundle.ofCertificates`. */
export interface CertificatesCaBundleProps {
  /**
   * CA certificates in PEM, one or more per string. To replace a CA, list the old and the new certificate first. Then
   * issue a new certificate for Vault, and finally list the new CA certificate alone.
   */
  readonly certificates: readonly string[];
  /** Namespaces that connect to Vault, including Vault's namespace. */
  readonly namespaces: readonly string[];
}

/** Properties of `CaBundle.byTrustManager`. */
export interface TrustManagerCaBundleProps {
  /** Namespace of the Helm release. The bundle itself is cluster-scoped. */
  readonly namespace: string;
  /** Secret in trust-manager's namespace. Its key `tls.crt` contains the CA certificate. */
  readonly secretName: string;
  /**
   * Further CA certificates in PEM, such as the previous CA while Vault's certificate may still be signed by it.
   * @default - none
   */
  readonly certificates?: readonly string[];
  /** CRDs that exist. The group trust.cert-manager.io is required. */
  readonly crds: CrdDeclaration;
}

const CERTIFICATES = object<CertificatesCaBundleProps>(() => ({
  certificates: list(anyText).known(),
  namespaces: list(TEXT.known()).known(),
}));

const TRUST_MANAGER = object<TrustManagerCaBundleProps>(() => ({
  namespace: TEXT,
  secretName: TEXT,
  certificates: list(anyText).known().optional(),
  crds,
}));

/** ConfigMap and key of the CA certificates, the same in every namespace. */
const CONFIG_MAP: IVault["caBundle"] = { configMapName: "vault-ca", key: "ca.crt" };

/**
 * CA certificates that sign Vault's certificate, as ConfigMap `vault-ca` in every namespace that connects to Vault.
 * @see https://cert-manager.io/docs/trust/trust-manager/
 */
export class CaBundle extends LibraryConstruct {
  /**
   * Creates one ConfigMap per namespace from certificates that you pass.
   * @throws ValidationError for text that is not CA certificates, for no certificate and for no namespace
   */
  static ofCertificates(scope: Construct, id: string, props: CertificatesCaBundleProps): CaBundle {
    const bundle = new CaBundle(scope, id);
    checkProps(bundle, CERTIFICATES, props);
    const text = readCertificates(bundle, props.certificates).join("");
    if (text === "") {
      throw new ValidationError(bundle, "certificates must be one at least, got none");
    }
    if (props.namespaces.length === 0) {
      throw new ValidationError(bundle, "namespaces must be one at least, got none");
    }
    for (const namespace of new Set(props.namespaces)) {
      const metadata = { name: CONFIG_MAP.configMapName, namespace };
      claimObject(bundle, "ConfigMap", metadata);
      new ConfigMapV1(bundle, namespace, {
        metadata,
        data: { [CONFIG_MAP.key]: text },
      });
    }
    return bundle;
  }

  /**
   * Creates a trust-manager Bundle. trust-manager follows the Secret of a CA and writes the ConfigMap to every
   * namespace. CA certificates are public, so this exposes no secret.
   * @throws ValidationError if the CRDs are not declared, and for text that is not CA certificates
   */
  static byTrustManager(scope: Construct, id: string, props: TrustManagerCaBundleProps): CaBundle {
    const bundle = new CaBundle(scope, id);
    checkProps(bundle, TRUST_MANAGER, props);
    const certificates = readCertificates(bundle, props.certificates ?? []);
    new CustomResources(bundle, "Resource", {
      namespace: props.namespace,
      releaseName: "vault-ca-bundle",
      crds: props.crds,
      resources: [
        {
          apiVersion: "trust.cert-manager.io/v1alpha1",
          kind: "Bundle",
          metadata: { name: CONFIG_MAP.configMapName },
          spec: {
            sources: [
              { secret: { name: props.secretName, key: "tls.crt" } },
              ...certificates.map((inLine) => ({ inLine })),
            ],
            target: { configMap: { key: CONFIG_MAP.key } },
          },
        },
      ],
    });
    return bundle;
  }

  /** Name of the ConfigMap in each namespace. */
  readonly configMapName = CONFIG_MAP.configMapName;
  /** Key of the ConfigMap that contains the certificates. */
  readonly key = CONFIG_MAP.key;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
  }
}

/** Parses CA certificates. Expiry is not checked: it depends on the day of synthesis. */
function readCertificates(scope: Construct, certificates: readonly string[]): string[] {
  return certificates.map((pem, index) =>
    certificatesOf(scope, `certificates[${index}]`, pem, CertificateBundle.parseAuthorities),
  );
}
