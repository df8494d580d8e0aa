import type { Construct } from "constructs";
import { type CrdDeclaration, CustomResources } from "../core/custom-resources";
import { Duration } from "../core/duration";
import { parseProperty } from "../core/format-error";
import { Host } from "../core/host";
import { NameRule } from "../core/name-rule";
import { isLiteral } from "../core/tokens";
import { type Tls, serverNames } from "./tls";

/** Properties of `addServerCertificate`. */
export interface ServerCertificateProps {
  /** Namespace of Vault. */
  readonly namespace: string;
  /** Name of Vault's Helm release. */
  readonly releaseName: string;
  /** Source of the server certificate. */
  readonly tls: Tls;
  /** Host name or address of Vault outside the cluster. @default - none */
  readonly externalHost?: string;
  /** CRDs that exist. @default - none */
  readonly crds?: CrdDeclaration;
}

/** API group of each issuer type. */
const ISSUER_GROUPS: Readonly<Record<string, string>> = {
  ca: "cert-manager.io",
  venafi: "cert-manager.io",
  "aws-pca": "awspca.cert-manager.io",
  "google-cas": "cas-issuer.jetstack.io",
};

/**
 * Adds the certificate of Vault's servers if cert-manager signs it.
 * @returns undefined if the certificate is in an existing Secret
 * @throws ValidationError for an invalid external host, and for a certificate that Vault's servers cannot use
 */
export function addServerCertificate(
  scope: Construct,
  { namespace, releaseName, tls, externalHost, crds }: ServerCertificateProps,
): CustomResources | undefined {
  parseProperty(scope, "externalHost", externalHost, Host.parse);
  const names = serverNames(namespace, releaseName, externalHost);
  tls.validate(scope, names);
  if (!tls.issuer) return undefined;
  return new CustomResources(scope, "Certificate", {
    namespace,
    releaseName: `${releaseName}-certificate`,
    crds,
    resources: [
      {
        apiVersion: "cert-manager.io/v1",
        kind: "Certificate",
        metadata: { name: tls.secretName, namespace },
        spec: {
          secretName: tls.secretName,
          issuerRef: {
            group: ISSUER_GROUPS[tls.issuer.type],
            kind: tls.issuer.kind,
            name: tls.issuer.name,
          },
          commonName: commonName(namespace, releaseName),
          ...names,
          duration: Duration.days(90).toString(),
          renewBefore: Duration.days(30).toString(),
          privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
          // A server that joins is a client of the other servers.
          usages: ["digital signature", "server auth", "client auth"],
        },
      },
    ],
  });
}

/**
 * Common name of the certificate.
 * @returns undefined if the name is too long for a certificate: clients check the other names
 */
function commonName(namespace: string, releaseName: string): string | undefined {
  const name = `${releaseName}.${namespace}.svc`;
  return isLiteral(name) && NameRule.COMMON_NAME.excess(name) > 0 ? undefined : name;
}
