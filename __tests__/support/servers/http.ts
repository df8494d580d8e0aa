import { type IncomingHttpHeaders, type OutgoingHttpHeaders, type Server, createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Pem } from "../certificate";

/** Request to the server. */
export interface HttpRequest {
  readonly method: string;
  /** Path including the query string. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Response of the server. */
export interface HttpResponse {
  /** Status code. @default 200 */
  readonly status?: number;
  readonly headers?: OutgoingHttpHeaders;
  /** Text, or a value that is sent as JSON. @default - empty */
  readonly body?: unknown;
}

/** Options of the server. */
export interface HttpServerProps {
  /** Certificate and private key. @default - HTTP without TLS */
  readonly tls?: Pem;
  /** Port on 127.0.0.1. @default - a free port */
  readonly port?: number;
}

/** HTTP server on 127.0.0.1 that stands in for a service. A function answers each request. */
export class HttpServer {
  /** Starts a server. An error in `answer` becomes a response with status 500. */
  static async start(
    answer: (request: HttpRequest) => HttpResponse | Promise<HttpResponse>,
    { tls, port = 0 }: HttpServerProps = {},
  ): Promise<HttpServer> {
    const server = tls ? createTlsServer(tls) : createServer();
    server.on("request", (incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", async () => {
        const { method = "", url = "", headers } = incoming;
        const response = await Promise.resolve({
          method,
          url,
          headers,
          body: Buffer.concat(chunks).toString("utf8"),
        })
          .then(answer)
          .catch((error): HttpResponse => ({ status: 500, body: String(error) }));
        const { status = 200, body = "" } = response;
        outgoing
          .writeHead(status, response.headers)
          .end(typeof body === "string" ? body : JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    return new HttpServer(server, tls ? "https" : "http");
  }

  readonly port: number;

  private constructor(
    private readonly server: Server,
    private readonly scheme: string,
  ) {
    this.port = (server.address() as AddressInfo).port;
  }

  /** URL with the IP address. */
  get url(): string {
    return `${this.scheme}://127.0.0.1:${this.port}`;
  }

  /** Stops the server; it refuses further connections. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}
