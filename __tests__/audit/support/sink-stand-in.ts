import { KeyObject, webcrypto } from "node:crypto";
import { type Server, createServer } from "node:https";
import type { IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

export interface SinkRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Takes what a SIEM would take, by HTTPS, and keeps it. */
export class SinkStandIn {
  static async start(): Promise<SinkStandIn> {
    const { cert, key } = await certificate();
    const sink = new SinkStandIn(cert, key);
    await sink.open();
    return sink;
  }

  /** What it has accepted. */
  readonly accepted: SinkRequest[] = [];
  /** How often it has refused. */
  refusals = 0;
  /** With what it answers. */
  status = 200;
  private server?: Server;
  private port = 0;

  private constructor(
    readonly certificate: string,
    private readonly key: string,
  ) {}

  get endpoint(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  /** Listens, on the same port as before. */
  async open(): Promise<void> {
    const server = createServer({ cert: this.certificate, key: this.key }, (incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const { method = "", url: path = "", headers } = incoming;
        if (this.status < 300) {
          this.accepted.push({ method, path, headers, body: Buffer.concat(chunks).toString("utf8") });
        } else {
          this.refusals++;
        }
        outgoing.writeHead(this.status, { "Content-Type": "application/json" }).end("{}");
      });
    });
    await new Promise<void>((resolve) => server.listen(this.port, "127.0.0.1", resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** Connections are refused from now on. */
  async close(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function certificate(): Promise<{ cert: string; key: string }> {
  const signingAlgorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(signingAlgorithm, true, ["sign", "verify"]);
  const signed = await X509CertificateGenerator.createSelfSigned({
    name: "CN=siem",
    keys,
    signingAlgorithm,
    notBefore: new Date(Date.now() - 3_600_000),
    notAfter: new Date(Date.now() + 86_400_000),
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new SubjectAlternativeNameExtension([{ type: "ip", value: "127.0.0.1" }]),
    ],
  });
  const key = KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" });
  return { cert: signed.toString("pem"), key: key.toString() };
}
