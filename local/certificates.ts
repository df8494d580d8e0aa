// The X.509 library requires this import before all others.
import "reflect-metadata";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonGeneralNames,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { KeyObject, generateKeyPairSync, webcrypto } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { serverNames } from "../constructs/server/tls";
import { places } from "./places";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
/** Validity of the certificates in days. A platform is deleted and recreated earlier. */
const DAYS = 365;
/** Tolerance for clocks of containers and hosts that differ. */
const SKEW_MS = 3600_000;

const vault = serverNames("vault", "vault");
const cluster = [
  "kubernetes",
  "kubernetes.default",
  "kubernetes.default.svc",
  "kubernetes.default.svc.cluster.local",
];

/** Subject of a certificate. */
export interface Subject {
  readonly name: string;
  /** DNS names and IP addresses of a server. @default - none: a client */
  readonly hosts?: readonly string[];
  /** Whether the certificate is valid for servers. @default false */
  readonly server?: boolean;
  /** Whether the certificate is valid for clients. @default false */
  readonly client?: boolean;
}

/** Certificates of the platform. A server's certificate is only valid for logins if `client` is set. */
const subjects = {
  vault: { name: "CN=vault.vault.svc", hosts: [...vault.dnsNames, ...vault.ipAddresses], server: true },
  "kube-apiserver": {
    name: "CN=kube-apiserver",
    hosts: [...cluster, "localhost", "127.0.0.1", "10.96.0.1"],
    server: true,
  },
  // Its gateway is also a client of the server.
  etcd: { name: "CN=etcd", hosts: ["localhost", "127.0.0.1"], server: true, client: true },
  "etcd-client": { name: "CN=kube-apiserver", client: true },
  "kubernetes-admin": { name: "O=system:masters, CN=kubernetes-admin", client: true },
  postgres: {
    name: "CN=payments-db.production.svc",
    hosts: ["payments-db.production.svc", "localhost", "127.0.0.1"],
    server: true,
  },
} satisfies Record<string, Subject>;

type Certificate = keyof typeof subjects;

/** The CA's certificate, which the clients of all parts trust. */
export const caFile = places.caCertificate;

/** Paths of a certificate and its key, both PEM. */
export function certificateFiles(certificate: Certificate | (string & {})): { cert: string; key: string } {
  return {
    cert: join(places.certificates, `${certificate}.crt`),
    key: join(places.certificates, `${certificate}.key`),
  };
}

/** Key pair with which the Kubernetes API signs the tokens of ServiceAccounts. */
export const serviceAccountKeys = {
  private: join(places.certificates, "service-accounts.key"),
  public: join(places.certificates, "service-accounts.pub"),
};

/**
 * Creates a CA and all certificates, once. The CA's key is never written, so that no certificate can be added later.
 * @param others - certificates that only some platforms have
 */
export async function makeCertificates(others: Readonly<Record<string, Subject>> = {}): Promise<void> {
  if (existsSync(caFile)) return;
  mkdirSync(places.certificates, { recursive: true, mode: 0o700 });
  const tokens = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeSecret(serviceAccountKeys.private, pem(tokens.privateKey));
  writeFileSync(serviceAccountKeys.public, tokens.publicKey.export({ type: "spki", format: "pem" }));

  const keys = await newKeys();
  const ca = await X509CertificateGenerator.createSelfSigned({
    name: "CN=Local platform CA",
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity(),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  for (const [id, subject] of Object.entries<Subject>({ ...subjects, ...others })) {
    const own = await newKeys();
    const certificate = await X509CertificateGenerator.create({
      subject: subject.name,
      issuer: ca.subject,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: ALGORITHM,
      ...validity(),
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([
          ...(subject.server ? [ExtendedKeyUsage.serverAuth] : []),
          ...(subject.client ? [ExtendedKeyUsage.clientAuth] : []),
        ]),
        ...(subject.hosts ? [new SubjectAlternativeNameExtension(alternativeNames(subject.hosts))] : []),
        await AuthorityKeyIdentifierExtension.create(keys.publicKey),
        await SubjectKeyIdentifierExtension.create(own.publicKey),
      ],
    });
    const files = certificateFiles(id);
    writeSecret(files.key, pem(KeyObject.from(own.privateKey)));
    writeFileSync(files.cert, `${certificate.toString("pem")}\n`);
  }
  // Written last, because its presence means that all certificates exist.
  writeFileSync(caFile, `${ca.toString("pem")}\n`);
}

function alternativeNames(hosts: readonly string[]): JsonGeneralNames {
  return hosts.map((value) => ({ type: isIP(value) ? ("ip" as const) : ("dns" as const), value }));
}

function validity() {
  const now = Date.now();
  return { notBefore: new Date(now - SKEW_MS), notAfter: new Date(now + DAYS * 86_400_000) };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, [
    "sign",
    "verify",
  ]) as Promise<webcrypto.CryptoKeyPair>;
}

function pem(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

function writeSecret(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
}
