import { readFileSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";

/** Files that prove who is who; all of them PEM. */
export interface TlsFiles {
  /** Certificates that sign the server's. */
  readonly ca: string;
  /** The client's own certificate and key, where the server asks for them. */
  readonly cert?: string;
  readonly key?: string;
}

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

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** One request on a connection of its own: Node's `fetch` can be told of no other CA and of no client certificate. */
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
