import { readFileSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";

/** TLS files, all of them PEM. */
export interface TlsFiles {
  /** CA certificates for verifying the server. */
  readonly ca: string;
  /** Client certificate and key, if the server requires them. */
  readonly cert?: string;
  readonly key?: string;
}

/** Options of an HTTP request. */
export interface HttpRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly tls?: TlsFiles;
  /** Unix socket to connect to. */
  readonly socketPath?: string;
  /** @default 5000 */
  readonly timeoutMs?: number;
}

/** Response of a server. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** Sends one request on a new connection. Node's `fetch` supports neither a custom CA nor a client certificate. */
export function httpRequest(url: string, request: HttpRequest = {}): Promise<HttpAnswer> {
  const { method = "GET", headers, body, tls, socketPath, timeoutMs = 5000 } = request;
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const options: https.RequestOptions = {
    method,
    socketPath,
    agent: false,
    signal: AbortSignal.timeout(timeoutMs),
    headers: { ...(payload !== undefined && { "Content-Type": "application/json" }), ...headers },
    ca: tls && readFileSync(tls.ca),
    cert: tls?.cert && readFileSync(tls.cert),
    key: tls?.key && readFileSync(tls.key),
  };
  return new Promise((resolve, reject) => {
    const sent = (url.startsWith("https:") ? https : http).request(url, options, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => (text += chunk));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
      answer.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(payload);
  });
}
