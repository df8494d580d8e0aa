// The X.509 library wants this before anything else.
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { BasicConstraintsExtension, X509CertificateGenerator } from "@peculiar/x509";

/** A certificate that signs itself, as PEM. */
export async function selfSigned(name: string, { ca }: { ca: boolean }): Promise<string> {
  const signingAlgorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(signingAlgorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    extensions: [new BasicConstraintsExtension(ca)],
    signingAlgorithm,
  });
  return `${certificate.toString("pem").trim()}\n`;
}
