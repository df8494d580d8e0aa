// The X.509 library requires this import before all others.
import "reflect-metadata";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { KeyObject, webcrypto } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { serverNames } from "../../constructs/server/tls";
import { places } from "../places";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAYS = 365;

const file = (name: string) => join(places.run, "platform-ca", name);

/** CA that signs Vault's certificate. It belongs to the cluster's owner and is separate from the node's CA. */
export const platformCa = {
  certificate: file("ca.crt"),
  key: file("ca.key"),
  /** Certificate and key of Vault's servers, for a cluster without cert-manager. */
  server: { certificate: file("vault.crt"), key: file("vault.key") },
};

/** Creates the CA and a certificate of Vault's servers, once. */
export async function makePlatformCa(): Promise<void> {
  if (existsSync(platformCa.certificate)) return;
  mkdirSync(join(platformCa.certificate, ".."), { recursive: true, mode: 0o700 });
  const [ca, own] = [await newKeys(), await newKeys()];
  const now = Date.now();
  const validity = { notBefore: new Date(now - 3600_000), notAfter: new Date(now + DAYS * 86_400_000) };
  const authority = await X509CertificateGenerator.createSelfSigned({
    name: "CN=Cluster platform CA",
    keys: ca,
    signingAlgorithm: ALGORITHM,
    ...validity,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  const { dnsNames, ipAddresses } = serverNames("vault", "vault");
  const server = await X509CertificateGenerator.create({
    subject: "CN=vault.vault.svc",
    issuer: authority.subject,
    publicKey: own.publicKey,
    signingKey: ca.privateKey,
    signingAlgorithm: ALGORITHM,
    ...validity,
    extensions: [
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
      new SubjectAlternativeNameExtension([
        ...dnsNames.map((value) => ({ type: "dns" as const, value })),
        ...ipAddresses.map((value) => ({ type: "ip" as const, value })),
      ]),
    ],
  });
  writeKey(platformCa.key, ca);
  writeKey(platformCa.server.key, own);
  writeFileSync(platformCa.server.certificate, `${server.toString("pem")}\n`);
  // Written last, because its presence means that all files exist.
  writeFileSync(platformCa.certificate, `${authority.toString("pem")}\n`);
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, [
    "sign",
    "verify",
  ]) as Promise<webcrypto.CryptoKeyPair>;
}

function writeKey(path: string, { privateKey }: webcrypto.CryptoKeyPair): void {
  const pem = KeyObject.from(privateKey).export({ type: "pkcs8", format: "pem" });
  writeFileSync(path, pem, { mode: 0o600 });
}
