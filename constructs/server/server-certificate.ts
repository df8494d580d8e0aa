import type { Construct } from "constructs";
import { type CrdDeclaration, CustomResources } from "../core/custom-resources";
import { Duration } from "../core/duration";
import { parseProperty } from "../core/format-error";
import { Host } from "../core/host";
import { NameRule } from "../core/name-rule";
import { isLiteral } from "../core/tokens";
import { type Tls, serverNames } from "./tls";

export interface ServerCertificateProps {
  readonly namespace: string;
  readonly releaseName: string;
  readonly tls: Tls;
  readonly externalHost?: string;
  readonly crds?: CrdDeclaration;
}

/** API groups of the issuers that cert-manager does not ship itself. */
const ISSUER_GROUPS: Readonly<Record<string, string>> = {
  ca: "cert-manager.io",
  venafi: "cert-manager.io",
  "aws-pca": "awspca.cert-manager.io",
  "google-cas": "cas-issuer.jetstack.io",
};

/**
 * Adds the certificate of Vault's servers, where cert-manager signs it.
 * @returns nothing where somebody else puts it into a Secret
 * @throws ValidationError for an external host that is none, and for a certificate that cannot serve
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
          // Servers are each other's clients when they join.
          usages: ["digital signature", "server auth", "client auth"],
        },
      },
    ],
  });
}

/** @returns nothing where it would be too long for a certificate: clients look at the other names */
function commonName(namespace: string, releaseName: string): string | undefined {
  const name = `${releaseName}.${namespace}.svc`;
  return isLiteral(name) && NameRule.COMMON_NAME.excess(name) > 0 ? undefined : name;
}
