import { X509Certificate } from "node:crypto";
import type { IConstruct } from "constructs";
import { FormatError, type Parser, parseProperty } from "./format-error";

const BLOCK = /-----BEGIN ([^\n-]*)-----\n([A-Za-z0-9+/=\n]*)\n-----END \1-----(?=\n|$)/g;
const ALLOWED = "one or more certificates in PEM";
const LINE = /.{1,64}/g;

/**
 * Certificates in PEM, one after the other, as CAs and cloud providers publish them.
 * Text between the blocks is dropped, as by OpenSSL and Go. Line ends become LF.
 */
export class CertificateBundle {
  /**
   * Parses one or more certificates in PEM.
   * @throws FormatError for keys and other blocks, and for a certificate that cannot be decoded. It never contains the
   * text.
   */
  static parse(text: string): CertificateBundle {
    const lines = text
      .replace(/^\uFEFF/, "")
      .replace(/\r\n?/g, "\n")
      .replace(/[ \t]+$/gm, "");
    if (/PRIVATE KEY/.test(lines)) throw refused(`${ALLOWED}, without private keys`);
    const blocks = [...lines.matchAll(BLOCK)];
    const begun = lines.match(/-----BEGIN /g)?.length ?? 0;
    if (blocks.length === 0 || begun !== blocks.length) throw refused(ALLOWED);
    if (blocks.some(([, label]) => label !== "CERTIFICATE")) {
      throw refused(`${ALLOWED}, each in a block CERTIFICATE`);
    }
    return new CertificateBundle(blocks.map(([, , body]) => read(Buffer.from(body, "base64"))));
  }

  /**
   * Parses certificates of CAs, with which clients verify other certificates.
   * @throws FormatError for a certificate that does not belong to a CA
   */
  static parseAuthorities(text: string): CertificateBundle {
    const bundle = CertificateBundle.parse(text);
    const other = bundle.certificates.findIndex(({ ca }) => !ca);
    if (other >= 0) {
      const place = `certificate ${other + 1} of ${bundle.certificates.length}`;
      throw refused(`${ALLOWED}, each of a CA: ${place} may not sign others`);
    }
    return bundle;
  }

  private constructor(readonly certificates: readonly X509Certificate[]) {}

  /** Returns the certificates, one PEM block after the other. */
  toString(): string {
    return this.certificates.map(toPem).join("");
  }
}

/**
 * Returns the certificates of a property in one form: PEM blocks with LF line ends. A token stays as it is.
 * @throws ValidationError if the parser rejects the text
 */
export function certificatesOf<T extends string | undefined>(
  scope: IConstruct | string,
  property: string,
  text: T,
  parse: Parser<CertificateBundle> = CertificateBundle.parse,
): T | string {
  return parseProperty(scope, property, text, parse)?.toString() ?? text;
}

/** Returns an error that hides the received text, which may be a private key. */
function refused(allowed: string): FormatError {
  return new FormatError(allowed, true);
}

function read(der: Buffer): X509Certificate {
  try {
    const certificate = new X509Certificate(der);
    // OpenSSL ignores bytes after the certificate, other clients reject them.
    if (certificate.raw.equals(der)) return certificate;
  } catch {
    // The cause may contain the text, so it is dropped.
  }
  throw refused(`${ALLOWED} that can be decoded`);
}

function toPem({ raw }: X509Certificate): string {
  const lines = raw.toString("base64").match(LINE)!.join("\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
