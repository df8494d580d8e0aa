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

export interface CertificatesCaBundleProps {
  /**
   * CA certificates in PEM, one or more in each text. While a CA is replaced, the old and the new one: first both here, then a new
   * certificate of Vault, and then the new one alone.
   */
  readonly certificates: readonly string[];
  /** Namespaces that talk to Vault, its own among them. */
  readonly namespaces: readonly string[];
}

export interface TrustManagerCaBundleProps {
  /** Namespace of the release; the bundle itself belongs to the cluster. */
  readonly namespace: string;
  /** Secret of trust-manager's namespace whose `tls.crt` is the CA's certificate. */
  readonly secretName: string;
  /** Further CA certificates in PEM: an older one, while Vault's certificate may still be of it. @default - none */
  readonly certificates?: readonly string[];
  /** CRDs that exist; those of trust.cert-manager.io are needed. */
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

/** By these names everybody finds the CA's certificates in the own namespace. */
const CONFIG_MAP: IVault["caBundle"] = { configMapName: "vault-ca", key: "ca.crt" };

/**
 * The certificates that sign Vault's own, as ConfigMap `vault-ca` in every namespace that talks to Vault.
 * @see https://cert-manager.io/docs/trust/trust-manager/
 */
export class CaBundle extends LibraryConstruct {
  /**
   * From certificates that are known, one ConfigMap a namespace.
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
   * By trust-manager, which follows the Secret of a CA and writes the ConfigMap into every namespace: what a CA
   * certificate says is no secret.
   * @throws ValidationError when nobody vouches for the CRDs, and for text that is not CA certificates
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

  readonly configMapName = CONFIG_MAP.configMapName;
  readonly key = CONFIG_MAP.key;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
  }
}

/** Whether certificates have expired depends on the day and is not checked. */
function readCertificates(scope: Construct, certificates: readonly string[]): string[] {
  return certificates.map((pem, index) =>
    certificatesOf(scope, `certificates[${index}]`, pem, CertificateBundle.parseAuthorities),
  );
}
