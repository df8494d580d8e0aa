import { type Pem, selfSignedCertificate } from "../certificate";
import { type HttpRequest, HttpServer } from "./http";

/** Request that the sink received. */
export type SinkRequest = Pick<HttpRequest, "method" | "headers" | "body"> & { readonly path: string };

/** Stand-in for a SIEM: accepts events over HTTPS and stores them. */
export class SinkStandIn {
  static async start(): Promise<SinkStandIn> {
    const sink = new SinkStandIn(await selfSignedCertificate([{ type: "ip", value: "127.0.0.1" }]));
    await sink.open();
    return sink;
  }

  /** Accepted requests. */
  readonly accepted: SinkRequest[] = [];
  /** Number of refused requests. */
  refusals = 0;
  /** Status code of the responses. */
  status = 200;
  private server?: HttpServer;
  private port?: number;

  private constructor(private readonly tls: Pem) {}

  /** Certificate of the sink, for clients to trust. */
  get certificate(): string {
    return this.tls.cert;
  }

  /** URL of the sink. */
  get endpoint(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  /** Listens; after `close`, on the same port as before. */
  async open(): Promise<void> {
    const { tls, port } = this;
    this.server = await HttpServer.start((request) => this.answer(request), { tls, port });
    this.port = this.server.port;
  }

  /** Stops listening; the sink refuses further connections. */
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
