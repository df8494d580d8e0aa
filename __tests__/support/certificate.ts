// Required before @peculiar/x509 is loaded.
import "reflect-metadata";
import {
  BasicConstraintsExtension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { KeyObject, webcrypto } from "node:crypto";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** PEM-encoded certificate and private key. */
export interface Pem {
  readonly cert: string;
  readonly key: string;
}

/** Self-signed certificate for localhost. */
export function localhostCertificate(): Promise<Pem> {
  return selfSignedCertificate([{ type: "dns", value: "localhost" }]);
}

/** Self-signed certificate. @param names subject alternative names of the certificate */
export async function selfSignedCertificate(names: readonly JsonGeneralName[]): Promise<Pem> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${names[0].value}`,
    keys,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(Date.now() - 3600_000),
    notAfter: new Date(Date.now() + 86400_000),
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyCertSign, true),
      new SubjectAlternativeNameExtension([...names]),
    ],
  });
  const key = KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" });
  return { cert: certificate.toString("pem"), key: key.toString() };
}

/** PEM-encoded certificate request with DNS names and an empty subject. */
export async function certificateRequest(dnsNames: readonly string[]): Promise<string> {
  const request = await Pkcs10CertificateRequestGenerator.create({
    keys: await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new SubjectAlternativeNameExtension(dnsNames.map((value) => ({ type: "dns" as const, value }))),
    ],
  });
  return request.toString("pem");
}

/**
 * PEM-encoded self-signed certificate with a common name and no alternative names.
 * @param ca true for a CA certificate
 */
export async function selfSigned(name: string, { ca }: { ca: boolean }): Promise<string> {
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys: await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]),
    extensions: [new BasicConstraintsExtension(ca)],
    signingAlgorithm: ALGORITHM,
  });
  return `${certificate.toString("pem").trim()}\n`;
}
