import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { type CrdDeclaration, CustomResources } from "../core/custom-resources";
import { Duration } from "../core/duration";
import { checkProps, object, text } from "../core/field";
import { crds } from "../core/fields";
import type { IssuerReference } from "./tls";

/** Properties of `CertificateAuthority`. */
export interface CertificateAuthorityProps {
  /** Name of the issuer and of the Secret with the CA's key. @default vault-ca */
  readonly name?: string;
  /** Namespace in which cert-manager looks up the Secrets of ClusterIssuers. @default cert-manager */
  readonly certManagerNamespace?: string;
  /** CRDs that exist. The group cert-manager.io is required. */
  readonly crds: CrdDeclaration;
}

const PROPS = object<CertificateAuthorityProps>(() => ({
  name: text.optional(),
  certManagerNamespace: text.optional(),
  crds,
}));

/**
 * Private CA of the platform, created by cert-manager in the cluster. The CA's key never leaves the cluster and is in
 * no Terraform state.
 * @see https://cert-manager.io/docs/configuration/selfsigned/#bootstrapping-ca-issuers
 * @throws ValidationError if the CRDs of cert-manager are not declared
 */
export class CertificateAuthority extends LibraryConstruct {
  /** ClusterIssuer that signs with this CA. */
  readonly issuer: IssuerReference;
  /** Secret with the CA's certificate in `tls.crt`, for trust-manager. */
  readonly secret: { readonly namespace: string; readonly name: string };
  /** Issuers and certificate of the CA. */
  readonly resources: CustomResources;

  constructor(scope: Construct, id: string, props: CertificateAuthorityProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { name = "vault-ca", certManagerNamespace: namespace = "cert-manager" } = props;
    const apiVersion = "cert-manager.io/v1";
    const root = `${name}-root`;
    this.issuer = { kind: "ClusterIssuer", name, type: "ca" };
    this.secret = { namespace, name };
    this.resources = new CustomResources(this, "Resource", {
      namespace,
      releaseName: name,
      crds: props.crds,
      resources: [
        // Signs only the CA's certificate.
        { apiVersion, kind: "ClusterIssuer", metadata: { name: root }, spec: { selfSigned: {} } },
        {
          apiVersion,
          kind: "Certificate",
          metadata: { name, namespace },
          spec: {
            isCA: true,
            commonName: `Vault CA (${name})`,
            secretName: name,
            duration: Duration.days(3650).toString(),
            // Early enough to distribute the old and the new certificate side by side.
            renewBefore: Duration.days(365).toString(),
            privateKey: { algorithm: "ECDSA", size: 384, rotationPolicy: "Never" },
            issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: root },
          },
        },
        { apiVersion, kind: "ClusterIssuer", metadata: { name }, spec: { ca: { secretName: name } } },
      ],
    });
  }
}
