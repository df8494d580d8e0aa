import { type Pem, selfSignedCertificate } from "../certificate";
import { type HttpRequest, HttpServer } from "./http";

export type SinkRequest = Pick<HttpRequest, "method" | "headers" | "body"> & { readonly path: string };

/** Takes what a SIEM would take, by HTTPS, and keeps it. */
export class SinkStandIn {
  static async start(): Promise<SinkStandIn> {
    const sink = new SinkStandIn(await selfSignedCertificate([{ type: "ip", value: "127.0.0.1" }]));
    await sink.open();
    return sink;
  }

  /** What it has accepted. */
  readonly accepted: SinkRequest[] = [];
  /** How often it has refused. */
  refusals = 0;
  /** With what it answers. */
  status = 200;
  private server?: HttpServer;
  private port?: number;

  private constructor(private readonly tls: Pem) {}

  get certificate(): string {
    return this.tls.cert;
  }

  get endpoint(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  /** Listens, on the same port as before. */
  async open(): Promise<void> {
    const { tls, port } = this;
    this.server = await HttpServer.start((request) => this.answer(request), { tls, port });
    this.port = this.server.port;
  }

  /** Connections are refused from now on. */
  async close(): Promise<void> {
    await this.server?.stop();
    this.server = undefined;
  }

  private answer({ method, url: path, headers, body }: HttpRequest) {
    if (this.status < 300) this.accepted.push({ method, path, headers, body });
    else this.refusals++;
    return { status: this.status, headers: { "Content-Type": "application/json" }, body: {} };
  }
}
