import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import { join } from "node:path";
import { MANIFEST, imagePlaces } from "./image";

/**
 * Read-only registry of the images that were made on this machine. containerd queries it first and names the image's
 * original registry (`ns`).
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#endpoints
 */
function serve(folder: string, request: IncomingMessage, response: ServerResponse): void {
  const { blobs, index } = imagePlaces(folder);
  const url = new URL(request.url ?? "/", "http://registry");
  if (url.pathname === "/v2/") {
    response.writeHead(200).end("{}");
    return;
  }
  const [, repository, kind, reference] =
    /^\/v2\/(.+)\/(manifests|blobs)\/([\w:.-]+)$/.exec(url.pathname) ?? [];
  const digest = kind === "manifests" ? manifestOf(repository, reference) : reference;
  const path = /^sha256:[0-9a-f]{64}$/.test(digest ?? "") ? join(blobs, digest!.slice("sha256:".length)) : "";
  if (!path || !existsSync(path) || !["GET", "HEAD"].includes(request.method ?? "")) {
    response.writeHead(404, { "Content-Type": "application/json" }).end('{"errors":[{"code":"NOT_FOUND"}]}');
    return;
  }
  response.writeHead(200, {
    "Content-Type": kind === "manifests" ? MANIFEST : "application/octet-stream",
    "Content-Length": statSync(path).size,
    "Docker-Content-Digest": digest,
  });
  if (request.method === "HEAD") response.end();
  else createReadStream(path).pipe(response);

  function manifestOf(name: string, tagOrDigest: string): string | undefined {
    if (tagOrDigest.startsWith("sha256:")) return tagOrDigest;
    const images = JSON.parse(readFileSync(index, "utf8")) as Record<string, string>;
    return images[`${url.searchParams.get("ns") ?? ""}/${name}:${tagOrDigest}`];
  }
}

if (require.main === module) {
  const [folder, host, port] = process.argv.slice(2);
  createServer((request, response) => serve(folder, request, response)).listen(Number(port), host);
}
