import { X509Certificate, generateKeyPairSync } from "node:crypto";
import { TerraformStack, TerraformVariable, Testing } from "cdktf";
import { CertificateBundle, certificatesOf } from "../../constructs/core/certificate-bundle";
import { selfSigned } from "../support/certificate";

let authorities: string[];
let server: string;
beforeAll(async () => {
  authorities = await Promise.all(["one", "two", "three"].map((name) => selfSigned(name, { ca: true })));
  server = await selfSigned("vault.example.com", { ca: false });
});

const subjects = (text: string) => CertificateBundle.parse(text).certificates.map(({ subject }) => subject);

test("reads a bundle of three certificates", () => {
  const bundle = authorities.join("");
  expect(CertificateBundle.parseAuthorities(bundle).toString()).toBe(bundle);
  expect(subjects(bundle)).toEqual(["CN=one", "CN=two", "CN=three"]);
});

test.each<[string, (pem: string) => string]>([
  ["CRLF", (pem) => pem.replaceAll("\n", "\r\n")],
  ["spaces at line ends", (pem) => pem.replaceAll("\n", "  \n")],
  ["no line end at the end", (pem) => pem.trim()],
  ["empty lines and comments", (pem) => pem.replaceAll("-----BEGIN", "\n# Example CA\n-----BEGIN")],
  ["a byte order mark", (pem) => `\uFEFF${pem}`],
  [
    "one long line",
    (pem) => pem.replace(/-----BEGIN C[^]*?-----END/g, (it) => it.replace(/(?<!-)\n(?!-)/g, "")),
  ],
])("normalizes %s", (_title, change) => {
  const bundle = authorities.join("");
  expect(change(bundle)).not.toBe(bundle);
  expect(CertificateBundle.parse(change(bundle)).toString()).toBe(bundle);
});

test("reads a server's certificate, but rejects it as an authority", () => {
  expect(subjects(server)).toEqual(["CN=vault.example.com"]);
  expect(() => CertificateBundle.parseAuthorities(authorities[0] + server)).toThrow(
    "must be one or more certificates in PEM, each of a CA: certificate 2 of 2 may not sign others",
  );
});

const block = (label: string, body: string) => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
const keyOf = () =>
  generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();

test.each<[string, () => string]>([
  ["nothing", () => ""],
  ["a file name", () => "/etc/ssl/ca.pem"],
  ["a private key", keyOf],
  ["a private key behind a certificate", () => authorities[0] + keyOf()],
  ["an encrypted private key", () => block("ENCRYPTED PRIVATE KEY", "cGxhbnRlZA==")],
  ["a key without its frame", () => keyOf().split("\n")[1]],
  ["a certificate request", () => block("CERTIFICATE REQUEST", "cGxhbnRlZA==")],
  ["a block of OpenSSL's own", () => authorities[0].replaceAll("CERTIFICATE", "TRUSTED CERTIFICATE")],
  ["what no certificate can be decoded from", () => block("CERTIFICATE", "cGxhbnRlZA==")],
  ["a certificate cut short", () => authorities[0].slice(0, 200)],
  ["a second certificate cut short", () => authorities[0] + authorities[1].slice(0, 200)],
  [
    "bytes behind the certificate",
    () => {
      const der = Buffer.concat([new X509Certificate(authorities[0]).raw, Buffer.from("planted")]);
      return block("CERTIFICATE", der.toString("base64"));
    },
  ],
  ["a header in a block", () => authorities[0].replace("\n", "\nProc-Type: 4,ENCRYPTED\n\n")],
])("rejects %s without repeating it", (_title, text) => {
  const stack = new TerraformStack(Testing.app(), "test");
  const attempt = () => certificatesOf(stack, "caCertificate", text());
  expect(attempt).toThrow(
    /^caCertificate must be one or more certificates in PEM[^:]*, got a text \(not shown\) \[test\]$/,
  );
});

test("accepts a token and no value", () => {
  const stack = new TerraformStack(Testing.app(), "test");
  const { stringValue } = new TerraformVariable(stack, "ca", {});
  expect(certificatesOf(stack, "caCertificate", stringValue)).toBe(stringValue);
  expect(certificatesOf(stack, "caCertificate", undefined)).toBeUndefined();
});
